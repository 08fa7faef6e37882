"""A tree of event handlers that is cheap to copy, because copies share their nodes.

botocore copies all its handlers for each session and each client: about 400 nodes, and their garbage collection costs
as much again. This tree is botocore's, except that copies share the nodes. Before a tree adds or removes a handler, it
clones the nodes on the way to the handler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.hooks import NodeList, _PrefixTrie  # type: ignore[attr-defined]  # the stubs lack it

if TYPE_CHECKING:
    Node = dict[str, Any]


class HandlerTree(_PrefixTrie):  # type: ignore[misc]  # the stubs lack it
    """A prefix tree of handlers, cheap to copy.

    Args:
        root: The root node, which the tree shares with other trees.
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
        """Remove a handler."""
        self._own_nodes(key)
        super().remove_item(key, value)

    def _own_nodes(self, key: str) -> None:
        """Clone the nodes on the way to a key that other trees may share."""
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
