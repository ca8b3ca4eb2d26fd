"""Scheduled work: reminders, abandoned claims, the daily digest, retention and the health report."""

from bot.jobs.job import Job, Needs
from bot.jobs.registry import JOBS, build_jobs
from bot.jobs.scheduler import start_scheduler, stop_scheduler

__all__ = ["JOBS", "Job", "Needs", "build_jobs", "start_scheduler", "stop_scheduler"]
