"""Candidates are found by few others' conditions, through nodes where many share one, and forgotten without trace."""

from eventmock.pattern import compile as compile_pattern
from eventmock.pattern.candidate_tree import MOST_SHARING, CandidateTree, Sharing
from eventmock.pattern.handles import handles_of
from eventmock.pattern.leaves import read_event


class Candidate:
    def __init__(self, wanted):
        (alternative,) = compile_pattern(wanted).alternatives
        self.accesses = tuple(
            (field.path, handle) for field in alternative.fields for handle in handles_of(field)
        )


def tree_of(*patterns):
    sharing = Sharing()
    tree = CandidateTree(sharing)
    candidates = [Candidate(wanted) for wanted in patterns]
    for candidate in candidates:
        sharing.add(candidate.accesses, 1)
        tree.add(candidate)
    return tree, candidates


def found(tree, event):
    return tree.find(read_event(event).leaves)


def test_a_candidate_is_kept_where_the_fewest_others_are():
    tree, (*_, last) = tree_of(
        {"a": ["x"]}, {"a": ["x"], "b": [1]}, {"a": ["x"], "b": [2]}, {"a": ["x"], "b": [3]}
    )
    assert last in found(tree, {"b": 3})
    assert last not in found(tree, {"a": "x"})


def test_where_many_share_a_handle_the_rest_of_what_they_want_tells_them_apart():
    many = [
        {"a": ["x"], "b": [{"prefix": f"{number:03}"}], "c": ["y"]} for number in range(10 * MOST_SHARING)
    ]
    tree, candidates = tree_of(*({**one, "b": [{"exists": False}]} for one in many), *many)
    event = found(tree, {"a": "x", "b": "0071", "c": "y"})
    assert candidates[len(many) + 7] in event


def test_a_candidate_without_conditions_is_always_found():
    tree, candidates = tree_of({"a": [{"exists": False}]})
    assert found(tree, {}) == found(tree, {"a": 1}) == candidates


def test_removing_leaves_nothing_behind():
    tree, candidates = tree_of(
        *({"a": ["x", {"prefix": "y"}], "b": [{"numeric": ["<", number]}]} for number in range(30)),
        {"a": [{"exists": True}]},
        {"a": [{"exists": False}]},
    )
    for candidate in candidates:
        tree.remove(candidate)
    assert (len(tree), tree._paths, tree._chosen) == (0, {}, {})
    assert found(tree, {"a": "x", "b": 1}) == []
