"""Reading YAML that strangers wrote: no aliases, no doubled keys, no deep nests, no huge files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from estrogenome.core.errors import KnowledgeError

if TYPE_CHECKING:
    import re
    from pathlib import Path

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_BYTES = 2_000_000
_DEEPEST = 20
_BOOLEAN = "tag:yaml.org,2002:bool"


class _Loader(_Base):  # type: ignore[misc]  # the C loader where there is one
    """Booleans are true and false alone, as in YAML 1.2: on, off, yes and no are words."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {
        first: [(tag, pattern) for tag, pattern in rules if tag != _BOOLEAN or first in "tTfF"]
        for first, rules in _Base.yaml_implicit_resolvers.items()
    }


def read_strict(path: Path) -> Any:
    """Return the content of one YAML file.

    Raises:
        KnowledgeError: it cannot be read, is too large or too deep, or holds an alias or a key twice.
    """
    where = f"{path.parent.name}/{path.name}"
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise KnowledgeError(f"{where}: larger than {_MOST_BYTES // 1_000_000} MB; split it")
        text = path.read_text(encoding="utf-8")
        _refuse_nests(text, where)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            _refuse_doubles(node, where)
            return None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise KnowledgeError(f"{where}: not readable YAML: {reason}") from error


def _refuse_nests(text: str, where: str) -> None:
    depth = 0
    for event in yaml.parse(text, _Loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise KnowledgeError(f"{where}: line {line}: aliases (*name) are not taken; write it out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise KnowledgeError(f"{where}: line {line}: nested deeper than {_DEEPEST}; no such file is")


def _refuse_doubles(node: Any, where: str) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_doubles(item, where)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                raise KnowledgeError(f"{where}: line {key.start_mark.line + 1}: {name} stands twice; keep one")
            seen.add(name)
            _refuse_doubles(value, where)
