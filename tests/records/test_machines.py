"""A lifecycle is data, and a wrong one stops the program when it is built."""

import pytest

from samkraft.records.machines import ANYONE, Machine, MachineError, Move


def build(**changes):
    declared = {
        "name": "matter",
        "states": ["new", "open", "closed"],
        "initial": "new",
        "final": {"closed"},
        "moves": [Move("new", "open", who=ANYONE), Move("open", "closed", who=ANYONE)],
    }
    return Machine(**{**declared, **changes})


def test_machine_knows_its_moves():
    machine = build()
    assert machine.move("new", "open") == Move("new", "open", who=ANYONE)
    assert machine.move("new", "closed") is None
    assert machine.ways_out("open") == ["closed"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"initial": "begun"}, "matter: begun is not one of its states."),
        ({"final": {"closed", "gone"}}, "matter: gone is not one of its states."),
        ({"states": ["new", "open", "closed", "new"]}, "matter: a state is named twice."),
        (
            {"states": ["new", "open", "closed", "lost"], "final": {"closed", "lost"}},
            "matter: lost cannot be reached from new.",
        ),
        ({"final": set()}, "matter: there is no way out of closed, which is not final."),
        ({"final": {"open", "closed"}}, "matter: open is final, yet there is a way out of it."),
        (
            {
                "moves": [
                    Move("new", "open", who=ANYONE),
                    Move("open", "closed", who=ANYONE),
                    Move("new", "open", who="people.is_steward"),
                ]
            },
            "matter: a move is declared twice.",
        ),
        (
            {"moves": [Move("new", "open", who=""), Move("open", "closed", who=ANYONE)]},
            "matter: nobody may move from new to open.",
        ),
    ],
)
def test_machine_refuses_a_wrong_declaration(changes, sentence):
    with pytest.raises(MachineError) as refused:
        build(**changes)
    assert str(refused.value) == sentence


def test_machine_may_loop_back():
    moves = [Move("new", "open", ANYONE), Move("open", "new", ANYONE), Move("open", "closed", ANYONE)]
    assert build(moves=moves).ways_out("open") == ["new", "closed"]
