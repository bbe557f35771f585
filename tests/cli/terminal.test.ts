import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { columnsOf, createWriter, wantsColours } from '../../cli/terminal.ts';

describe('colours are wanted', () => {
  test.each([
    [{}, true],
    [{ TERM: 'xterm-256color' }, true],
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '0' }, false],
    [{ TERM: 'dumb' }, false],
  ])('with the environment %j: %s', (environment, isWanted) => {
    expect(wantsColours(environment)).toBe(isWanted);
  });
});

test.each([
  [undefined, 100],
  [0, 100],
  [40, 80],
  [80, 80],
  [120, 120],
  [160, 160],
  [300, 160],
])('a terminal of %s columns gets tables of at most %i', (terminalColumns, columns) => {
  expect(columnsOf(terminalColumns)).toBe(columns);
});

describe('what is written to a stream', () => {
  const aStream = (fails: boolean) => {
    const written: string[] = [];
    const stream = new Writable({
      decodeStrings: false,
      autoDestroy: false, // as the process's own streams, which outlive their errors
      write: (chunk: string, _encoding, done) => {
        written.push(chunk);
        done(fails ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) : null);
      },
    });
    return { stream, written };
  };

  test('goes there, one text after the other', () => {
    const { stream, written } = aStream(false);
    const write = createWriter(stream, () => undefined);

    write('one');
    write('two');

    expect(written).toEqual(['one', 'two']);
  });

  test('ends at the first error, which is told once and thrown nowhere', async () => {
    const { stream, written } = aStream(true);
    const lost: unknown[] = [];
    const write = createWriter(stream, ({ code }) => lost.push(code));

    write('one');
    await expect(finished(stream)).rejects.toThrow('EPIPE');
    write('two');
    stream.emit('error', new Error('again'));

    expect([written, lost]).toEqual([['one'], ['EPIPE']]);
  });
});
