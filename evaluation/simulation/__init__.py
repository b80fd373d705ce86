"""Simulated people with hidden needs, and how well Vouch and simpler systems serve them."""

from evaluation.simulation.leaks import LeakAudit, LeakError
from evaluation.simulation.outcome import Outcome, write_transcripts
from evaluation.simulation.report import SimulationReport
from evaluation.simulation.run import SimulationConfig, simulate, simulate_home
from evaluation.simulation.systems import SYSTEMS
from evaluation.simulation.talking import Accept, GiveUp, SimulatedUser
from evaluation.simulation.user import RuleUser

__all__ = [
    "SYSTEMS",
    "Accept",
    "GiveUp",
    "LeakAudit",
    "LeakError",
    "Outcome",
    "RuleUser",
    "SimulatedUser",
    "SimulationConfig",
    "SimulationReport",
    "simulate",
    "simulate_home",
    "write_transcripts",
]
