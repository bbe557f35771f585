/** DeleteParameter and DeleteParameters. */
import type {
  DeleteParameterRequest,
  DeleteParametersRequest,
  DeleteParametersResult,
} from '@aws-sdk/client-ssm';
import type { Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { assertWellFormed } from './names.ts';
import type { Parameters } from './parameters.ts';

export const deleteParameter = (
  parameters: Parameters,
  input: DeleteParameterRequest,
  call: Call,
): void => {
  const name = input.Name ?? '';
  assertNoProblems(problemsOf('name', name, { minLength: 1, maxLength: 2_048 }));
  assertWellFormed(name);
  parameters.delete(parameters.find(call, name));
};

export const deleteParameters = (
  parameters: Parameters,
  input: DeleteParametersRequest,
  call: Call,
): DeleteParametersResult => {
  const names = input.Names ?? [];
  assertNoProblems(problemsOf('names', names, { minLength: 1, maxLength: 10 }));
  const deleted: string[] = [];
  const invalid: string[] = [];
  for (const name of new Set(names)) {
    const row = parameters.lookUp(call, name);
    if (row === undefined) invalid.push(name);
    else {
      parameters.delete(row);
      deleted.push(name);
    }
  }
  return { DeletedParameters: deleted, InvalidParameters: invalid };
};
