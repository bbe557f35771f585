import { describe, expect, it } from 'vitest';
import { AnswerMemo } from '../../simulator/kernel/answer-memo.ts';
import { RowMemo } from '../../simulator/kernel/row-memo.ts';

interface Row {
  state: string;
}

const makeOf = ({ state }: Row) => ({ said: state });

describe('what is made of a row', () => {
  it('is the same frozen object until somebody says that the row changes', () => {
    const memo = new RowMemo<Row, { said: string }>();
    const row = { state: 'pending' };
    const first = memo.of(row, makeOf);
    expect(memo.of(row, makeOf)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);

    memo.forget(row);
    row.state = 'available';

    expect(memo.of(row, makeOf)).toEqual({ said: 'available' });
    expect(memo.of({ state: 'other' }, makeOf)).toEqual({ said: 'other' });
  });
});

describe('an answer', () => {
  const createQuestions = () => {
    const memo = new AnswerMemo<{ readonly number: number }>();
    let number = 0;
    /** Each answer holds for 100 ms. */
    const ask = (question: string, facts: readonly unknown[], nowMs: number) =>
      memo.of(
        question,
        { facts, nowMs },
        () => ({ number: (number += 1) }),
        (sinceMs) => sinceMs + 100,
      );
    return { ask };
  };

  it('is the same frozen object while what it follows from is the same', () => {
    const { ask } = createQuestions();
    const first = ask('who', [1, 'a'], 0);

    expect(ask('who', [1, 'a'], 50)).toBe(first);
    expect(ask('who', [1, 'a'], 99)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
  });

  it.each<[string, string, readonly unknown[], number]>([
    ['another question', 'what', [1, 'a'], 0],
    ['another fact', 'who', [1, 'b'], 0],
    ['a later change', 'who', [2, 'a'], 0],
    ['the time that it holds having passed', 'who', [1, 'a'], 100],
  ])('is made anew for %s', (_why, question, facts, nowMs) => {
    const { ask } = createQuestions();
    ask('who', [1, 'a'], 0);

    expect(ask(question, facts, nowMs)).toEqual({ number: 2 });
  });

  it('is forgotten when a hundred others were asked for', () => {
    const { ask } = createQuestions();
    const first = ask('who', [], 0);
    for (let index = 0; index <= 100; index += 1) ask(`question ${index}`, [], 0);

    expect(ask('who', [], 0)).not.toBe(first);
  });
});
