/** What to call a target by; nothing, where it goes without saying. */
export type NameTarget = (target: string) => string;

/**
 * What tells targets apart: nothing where there is one, the Region where the account is one.
 * @param targets `account/region` of each
 */
export const namingTargets = (targets: readonly string[]): NameTarget => {
  if (targets.length < 2) return () => '';
  const accounts = new Set(targets.map((target) => target.split('/')[0]));
  return accounts.size > 1 ? (target) => target : (target) => target.split('/')[1] ?? '';
};
