/** Answers to questions that are asked again and again: the same settled object, while it is true. */
import { settled } from './settled.ts';

/** With more questions than this, all are forgotten: whoever asks the same again soon asks few. */
const QUESTIONS_MAX = 100;

/** What an answer follows from, beside the question. */
export interface Basis {
  /** Compared one by one, and by identity: counts of changes, settings. */
  readonly facts: readonly unknown[];
  readonly nowMs: number;
}

export interface Kept<Answer> extends Basis {
  readonly answer: Answer;
  /** From then on time alone makes it another. Most are never asked again, and never need it. */
  untilMs?: number;
}

export class AnswerMemo<Answer extends object> {
  readonly #kept = new Map<string, Kept<Answer>>();

  /**
   * @param make given what was answered last: most of that may still be true
   * @param sameUntil when an answer that was given at an instant becomes another by time alone, asked
   *   while the facts are still the same
   */
  of(
    question: string,
    { facts, nowMs }: Basis,
    make: (last: Kept<Answer> | undefined) => Answer,
    sameUntil: (sinceMs: number) => number,
  ): Answer {
    const kept = this.#kept.get(question);
    if (kept !== undefined && isSame(kept.facts, facts)) {
      kept.untilMs ??= sameUntil(kept.nowMs);
      if (nowMs < kept.untilMs) return kept.answer;
    }
    const answer = settled(make(kept));
    if (this.#kept.size > QUESTIONS_MAX) this.#kept.clear();
    this.#kept.set(question, { answer, facts, nowMs });
    return answer;
  }
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.every((fact, index) => fact === b[index]);
