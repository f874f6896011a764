"""Print what makes a shell complete lamion's words.

To have it in every shell:

  bash  put into ~/.bashrc:  eval "$(lamion completion bash)"
  zsh   put into ~/.zshrc:   eval "$(lamion completion zsh)"
  fish  once: lamion completion fish > ~/.config/fish/completions/lamion.fish
"""

from __future__ import annotations

from lamion.cli.parser import argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

_SCRIPTS = {
    "bash": """_lamion_complete() {
    local IFS=$'\\n'
    COMPREPLY=($(lamion --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
    if [ ${#COMPREPLY[@]} -eq 0 ]; then
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
    fi
}
complete -F _lamion_complete lamion
""",
    "zsh": """#compdef lamion
_lamion() {
    local -a found
    found=("${(@f)$(lamion --complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n "${found[1]}" ]]; then
        compadd -- "${found[@]}"
    else
        _files
    fi
}
if [ "$funcstack[1]" = "_lamion" ]; then _lamion "$@"; else compdef _lamion lamion; fi
""",
    "fish": """function __lamion_complete
    set -l words (commandline -opc) (commandline -ct)
    lamion --complete $words[2..-1] 2>/dev/null
end
complete -c lamion -a '(__lamion_complete)'
""",
}
_ANYWHERE = ("--help",)


ARGUMENTS = (argument("shell", metavar="SHELL", choices=tuple(_SCRIPTS), help="bash, zsh or fish"),)


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    print(_SCRIPTS[arguments.shell], end="")
    return 0


def candidates(words: list[str], known: Mapping[str, str]) -> list[str]:
    """Return what the last word, unfinished or empty, may become; nothing where it may be a file's name.

    Examples
    --------
    >>> candidates(["an"], {"analyze kk": "", "read": ""})
    ['analyze']
    >>> candidates(["analyze", ""], {"analyze kk": "", "read": ""})
    ['kk']
    """
    *before, begun = words or [""]
    verb = next((" ".join(before[:n]) for n in (2, 1) if len(before) >= n and " ".join(before[:n]) in known), "")
    if verb and not (len(before) == 1 and _members(before[0], known)):
        return sorted(word for word in _words_of(verb, before, begun) if word.startswith(begun))
    if len(before) == 1 and _members(before[0], known):
        return [word for word in _members(before[0], known) if word.startswith(begun)]
    if before:
        return []
    firsts = dict.fromkeys(name.split()[0] for name in known)
    every = sorted(firsts) if not begun.startswith("-") else ["--help", "--version"]
    return [word for word in every if word.startswith(begun)]


def _members(group: str, known: Mapping[str, str]) -> list[str]:
    return sorted(name.split()[1] for name in known if name.startswith(f"{group} "))


def _words_of(verb: str, before: list[str], begun: str) -> list[str]:
    """Return the choices of the option just named, or the options."""
    if verb == "completion":
        return list(_SCRIPTS)
    if not begun.startswith("-") and not (before and before[-1].startswith("--")):
        return []
    from lamion.cli.main import VERBS, parser_of_own
    from lamion.quantities import InputError
    from lamion.tasks import catalogue

    try:
        if verb in VERBS:
            parser: argparse.ArgumentParser = parser_of_own(verb)
        else:
            from lamion.cli.adapter import parser_of

            parser = parser_of(catalogue.find(verb))
    except InputError:
        return []
    named = next((a for a in parser._actions if before and before[-1] in a.option_strings), None)
    if named is not None and named.nargs != 0 and not begun.startswith("-"):
        shown = named.metavar if isinstance(named.metavar, str) else ""
        if named.choices is not None:
            return [str(choice) for choice in named.choices]
        return shown[1:-1].split(",") if shown.startswith("{") else []
    return [flag for action in parser._actions for flag in action.option_strings if flag.startswith("--")]
