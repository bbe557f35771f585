/** Orders objects of one kind, so that no order of EC2's answers shows through. */
export const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  // Stryker disable next-line EqualityOperator: no two objects of one kind have one id.
  a.id < b.id ? -1 : 1;

/** The same of what is to be done to them. */
export const byResourceId = (
  a: { readonly resourceId: string },
  b: { readonly resourceId: string },
): number =>
  // Stryker disable next-line EqualityOperator: no two objects of one kind have one id.
  a.resourceId < b.resourceId ? -1 : 1;
