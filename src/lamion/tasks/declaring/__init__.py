"""How a task is declared, once: its options, what it gives, and what every door makes of that."""

from lamion.tasks.declaring.context import Context
from lamion.tasks.declaring.file import File
from lamion.tasks.declaring.noun import Noun
from lamion.tasks.declaring.option import Option, Part, Result
from lamion.tasks.declaring.task import Task, task

__all__ = ["Context", "File", "Noun", "Option", "Part", "Result", "Task", "task"]
