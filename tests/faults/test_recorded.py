"""What a run against the exchange put on tape is what was live, number for number."""

from __future__ import annotations

from pathlib import Path

from market.snapshot import Snapshot
from market.tape.player import Player
from market.tape.recorder import Recorder
from market.tape.ring import Ring, tapes_in
from market.tape.tape_file import TapeFile
from market.tape.transcript import Transcript
from tests.exchange.faults import Fault, limited
from tests.faults.program import WATCHED, Hall, started
from tests.market.tape.tapes import differences


async def _run(
    hall: Hall, folder: Path, first: Snapshot | None, *faults: Fault | None
) -> list[Snapshot]:
    """Run through healthy spells and others; return what was live at the end of each."""
    recorder = Recorder(Transcript(Ring(folder, 2**29), watched=WATCHED), [])
    seen: list[Snapshot] = []
    clock = hall.dial.clock
    async with started(
        hall.exchange, clock, first=first, members=True, recorder=recorder
    ) as program:
        await program.start()
        for fault in faults:
            hall.exchange.heal()
            if fault is not None:
                hall.exchange.fault("*", fault)
            await program.run(30, step=15)
            seen.append(program.engine.latest)
    recorder.close()
    return seen


async def test_what_is_played_is_what_was_live_in_both_of_two_runs(
    hall: Hall, tmp_path: Path
) -> None:
    seen = await _run(hall, tmp_path, None, None, limited())
    hall.dial.clock.jump(600)
    again = await _run(hall, tmp_path, seen[-1], None)
    assert seen[1].troubles, "a tape holds what went wrong, too"
    assert seen[1].census is not None
    (path,) = tapes_in(tmp_path)
    tape = TapeFile.opened(path)
    assert len(tape.beginnings) == 2
    player = Player(tape)
    for then in (*seen, *again):
        player.seek(then.now)
        assert differences(player.latest, then) == []
