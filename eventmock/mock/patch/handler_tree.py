"""A tree of event handlers whose copies share what none of them changes.

botocore copies all its handlers for each session and each client: some 400 nodes, whose garbage costs as much again.
This is its tree, but for copies: they share the nodes, and a tree clones those on the way to a handler before it
adds or removes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.hooks import NodeList, _PrefixTrie  # type: ignore[attr-defined]  # the stubs leave it out

if TYPE_CHECKING:
    Node = dict[str, Any]


class HandlerTree(_PrefixTrie):  # type: ignore[misc]  # the stubs leave it out
    """A prefix tree of handlers, cheap to copy.

    Args:
        root: The node that it begins with; it belongs to others too.
    """

    def __init__(self, root: Node) -> None:
        super().__init__()
        self._root = root
        self._owned: set[int] = set()

    def __copy__(self) -> HandlerTree:
        self._owned = set()
        return HandlerTree(self._root)

    def append_item(self, key: str, value: Any, **section: Any) -> None:
        """Add a handler."""
        self._own_nodes(key)
        super().append_item(key, value, **section)

    def remove_item(self, key: str, value: Any) -> None:
        """Take a handler out."""
        self._own_nodes(key)
        super().remove_item(key, value)

    def _own_nodes(self, key: str) -> None:
        """Clone the nodes on the way to a key that others may hold."""
        node = self._root = self._own(self._root)
        for part in key.split("."):
            if part not in node["children"]:
                return
            node["children"][part] = node = self._own(node["children"][part])

    def _own(self, node: Node) -> Node:
        if id(node) in self._owned:
            return node
        values = node["values"]
        own = {
            **node,
            "children": dict(node["children"]),
            "values": None if values is None else NodeList(*map(list, values)),
        }
        self._owned.add(id(own))
        return own
