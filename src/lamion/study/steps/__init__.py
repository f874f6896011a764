"""The kinds of step: each joins one room below to the study, in one file."""
