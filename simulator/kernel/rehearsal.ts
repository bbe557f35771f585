/**
 * Calls that are only tried: they are checked like any other, and end where they would first change
 * something.
 */

export interface Rehearsal {
  /** Whether the call that is being answered is only tried. */
  readonly isOn: () => boolean;
  /** To be called before anything is changed. A call that is only tried ends there. */
  readonly beforeChange: () => void;
  /**
   * Tries a deed, which must be synchronous, as far as its first change. What it throws before that
   * comes through.
   */
  readonly tryOut: (deed: () => unknown) => void;
  /** What is not the call's own doing is done for good, even while the call is only tried. */
  readonly inEarnest: <Made>(deed: () => Made) => Made;
}

/** Thrown at the first change, and seen by nobody else. */
class FirstChange extends Error {}

export const createRehearsal = (): Rehearsal => {
  let isOn = false;
  const during = <Made>(state: boolean, deed: () => Made): Made => {
    const before = isOn;
    isOn = state;
    try {
      return deed();
    } finally {
      isOn = before;
    }
  };
  return {
    isOn: () => isOn,
    beforeChange: () => {
      if (isOn) throw new FirstChange('a call that is only tried would change something here');
    },
    tryOut: (deed) => {
      try {
        during(true, deed);
      } catch (error) {
        if (!(error instanceof FirstChange)) throw error;
      }
    },
    inEarnest: (deed) => during(false, deed),
  };
};
