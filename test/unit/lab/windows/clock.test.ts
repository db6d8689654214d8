import { describe, expect, test } from 'vitest';
import { Signal } from '../../../../src/lab/windows/machine/signal.ts';
import { SimulatedClock } from '../../../../src/lab/windows/machine/simulated-clock.ts';
import { labMachine, outputOf } from './run-script.ts';

const clockOf = (): SimulatedClock => new SimulatedClock({ skewMs: 0, uptimeMs: 1000 });

describe('simulated clock', () => {
  test('a lone sleeper skips its wait at once', () => {
    const clock = clockOf();
    const end = clock.run(8);
    const before = clock.monotonicMs();
    expect(clock.wait(8, 600_000)).toBeUndefined();
    expect(clock.monotonicMs() - before).toBeGreaterThanOrEqual(600_000);
    end();
  });

  test('a script that polls for what never comes is skipped for so long, told once, and then waits in real time', async () => {
    const clock = clockOf();
    const told: number[] = [];
    // Real time that passes meanwhile is not skipped: half a wait of room.
    clock.patienceMs = 57_500;
    clock.onImpatience = (pid) => told.push(pid);
    const end = clock.runCall(8);
    let skipped = 0;
    while (clock.wait(8, 5_000) === undefined) skipped += 1;
    expect(skipped).toBe(12);
    await clock.wait(8, 1);
    expect(told).toEqual([8]);
    end();
    const next = clock.runCall(9);
    expect(clock.wait(9, 5_000)).toBeUndefined();
    next();
    clock.close();
  });

  test('the wall clock moves with what a call has slept, and is back at real time when the call has ended', () => {
    const clock = clockOf();
    const end = clock.runCall(8);
    void clock.wait(8, 3_600_000);
    expect(Math.abs(clock.wallMs(8) - Date.now() - 3_600_000)).toBeLessThan(1000);
    expect(Math.abs(clock.wallMs() - Date.now() - 3_600_000)).toBeLessThan(1000);
    end();
    expect(Math.abs(clock.wallMs() - Date.now())).toBeLessThan(1000);
  });

  test('a wait is no shorter by the wall clock than it was to be, and leaves whole milliseconds', () => {
    const clock = clockOf();
    const end = clock.runCall(8);
    for (let round = 0; round < 200; round++) {
      const before = clock.wallMs(8);
      void clock.wait(8, 60_000);
      expect(clock.wallMs(8) - before).toBeGreaterThanOrEqual(60_000);
    }
    expect(Number.isInteger(clock.wallMs(8))).toBe(true);
    end();
  });

  test('a call that comes from outside meanwhile has real time, what the machine starts by itself has its time', () => {
    const clock = clockOf();
    const end = clock.runCall(8);
    void clock.wait(8, 3_600_000);
    const ends = [clock.runCall(12), clock.run(16)];
    expect(Math.abs(clock.wallMs(12) - Date.now())).toBeLessThan(1000);
    expect(Math.abs(clock.wallMs(16) - Date.now() - 3_600_000)).toBeLessThan(1000);
    for (const each of [end, ...ends]) each();
  });

  test('the moment of the last boot moves with restarts and steps of the clock only', () => {
    const clock = clockOf();
    const bootedMs = clock.bootWallMs();
    void clock.wait(8, 7_200_000);
    expect(clock.bootWallMs()).toBe(bootedMs);
    clock.skewMs += 60_000;
    expect(clock.bootWallMs()).toBe(bootedMs + 60_000);
    clock.restart();
    expect(clock.bootWallMs()).toBeGreaterThan(bootedMs + 60_000);
    clock.close();
  });

  test('a sleeper does not overtake a script that computes', async () => {
    const clock = clockOf();
    const order: string[] = [];
    const endA = clock.run(8);
    const endB = clock.run(12);
    const sleeping = clock.wait(8, 60_000)!.then(() => order.push('A woke'));
    await Promise.resolve();
    order.push('B computed');
    endB();
    await sleeping;
    expect(order).toEqual(['B computed', 'A woke']);
    endA();
  });

  test('a clock that was stopped while somebody slept stands still', async () => {
    const clock = clockOf();
    const endA = clock.run(8);
    const endB = clock.run(12);
    void clock.wait(8, 60_000);
    clock.close();
    endB();
    const before = clock.monotonicMs();
    // With the end of the other one, all wait.
    await new Promise(setImmediate);
    expect(clock.monotonicMs() - before).toBeLessThan(60_000);
    endA();
  });

  test('sleepers wake in the order of their times', async () => {
    const clock = clockOf();
    const order: number[] = [];
    const ends = [clock.run(8), clock.run(12)];
    const late = clock.wait(8, 20_000)!.then(() => {
      order.push(20);
      ends[0]!();
    });
    void clock.wait(12, 5_000);
    order.push(5);
    ends[1]!();
    await late;
    expect(order).toEqual([5, 20]);
  });

  test('a signal ends a wait before its time', async () => {
    const clock = clockOf();
    const ended = new Signal();
    const endA = clock.run(8);
    const endB = clock.run(12);
    const before = clock.monotonicMs();
    const waiting = clock.wait(8, 600_000, ended);
    ended.fire();
    endB();
    await waiting;
    expect(clock.monotonicMs() - before).toBeLessThan(60_000);
    endA();
  });

  test('timers fall due in order while somebody sleeps over them', () => {
    const clock = clockOf();
    const fired: string[] = [];
    clock.after(30_000, () => fired.push('second'));
    clock.after(10_000, () => fired.push('first'));
    clock.after(90_000, () => fired.push('never'));
    void clock.wait(8, 60_000);
    expect(fired).toEqual(['first', 'second']);
    clock.close();
  });

  test('a held script lets time go on for others', async () => {
    const clock = clockOf();
    const endHeld = clock.run(8);
    const goOn = clock.hold(8);
    const end = clock.run(12);
    const before = clock.monotonicMs();
    await clock.wait(12, 120_000);
    expect(clock.monotonicMs() - before).toBeGreaterThanOrEqual(120_000);
    goOn();
    end();
    endHeld();
  });

  test('timers of a machine on which nobody sleeps wait for real time, also while a script is held', async () => {
    const clock = clockOf();
    let fired = false;
    clock.after(60_000, () => {
      fired = true;
    });
    const end = clock.run(8);
    const goOn = clock.hold(8);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(fired).toBe(false);
    goOn();
    end();
    clock.close();
  });
});

describe('time that a script waits', () => {
  test('passes on its clock, so that a loop until a moment ends, and the last boot stands still', async () => {
    const machine = labMachine();
    const [rounds, slept, boots, isUptime] = await outputOf(
      machine,
      `$os = Get-CimInstance Win32_OperatingSystem; $start = Get-Date; $rounds = 0
       do { Start-Sleep 60; $rounds++ } until ((Get-Date) -ge $start.AddHours(1))
       $now = Get-CimInstance Win32_OperatingSystem
       $rounds; [int]($now.LocalDateTime - $os.LocalDateTime).TotalMinutes
       $now.LastBootUpTime -eq $os.LastBootUpTime
       Set-Content C:\\a.txt 1; (Get-Item C:\\a.txt).LastWriteTime -ge $start.AddHours(1)`,
    );
    expect([rounds, slept, boots, isUptime]).toEqual([60, 60, true, true]);
    const [minutes, hours] = await outputOf(
      machine,
      `$os = Get-CimInstance Win32_OperatingSystem
       [int]((Get-Date) - (Get-Item C:\\a.txt).LastWriteTime).TotalMinutes
       [int]($os.LocalDateTime - $os.LastBootUpTime - [timespan]::FromMilliseconds([Environment]::TickCount)).TotalMinutes`,
    );
    expect([minutes, Math.abs(Number(hours))]).toEqual([-60, 0]);
  });
});
