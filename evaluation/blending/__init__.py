"""What the blend of terms is worth beside every part of it, and whether it knows how sure it is."""

from evaluation.blending.bench import bench_blend, bench_home
from evaluation.blending.report import BlendTable

__all__ = ["BlendTable", "bench_blend", "bench_home"]
