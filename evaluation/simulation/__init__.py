"""Simulated people with hidden needs, and how well Vouch and simpler systems serve them."""

from evaluation.simulation.leaks import LeakAudit, LeakError
from evaluation.simulation.report import SimulationReport
from evaluation.simulation.run import SimulationConfig, simulate, simulate_home
from evaluation.simulation.user import Accept, GiveUp, RuleUser, SimulatedUser

__all__ = [
    "Accept",
    "GiveUp",
    "LeakAudit",
    "LeakError",
    "RuleUser",
    "SimulatedUser",
    "SimulationConfig",
    "SimulationReport",
    "simulate",
    "simulate_home",
]
