/** What the wire serves of Systems Manager: Parameter Store. */
import {
  AddTagsToResource$,
  DeleteParameter$,
  DeleteParameters$,
  DescribeParameters$,
  GetParameter$,
  GetParameterHistory$,
  GetParameters$,
  GetParametersByPath$,
  LabelParameterVersion$,
  ListTagsForResource$,
  PutParameter$,
  RemoveTagsFromResource$,
  UnlabelParameterVersion$,
} from '@aws-sdk/client-ssm';
import { type Call, type Operation, operation, type Service } from '../../wire/api.ts';
import { deleteParameter, deleteParameters } from './delete-parameters.ts';
import { describeParameters } from './describe-parameters.ts';
import {
  getParameter,
  getParameterHistory,
  getParameters,
  getParametersByPath,
} from './get-parameters.ts';
import { defineValidation } from './image-validation.ts';
import { labelParameterVersion, unlabelParameterVersion } from './labels.ts';
import type { Parameters } from './parameters.ts';
import { putParameter } from './put-parameter.ts';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './tags.ts';

export const createSsmService = (parameters: Parameters): Service => {
  defineValidation(parameters);
  const on = <Input, Output>(
    schema: unknown,
    act: (parameters: Parameters, input: Input, call: Call) => Output,
  ): Operation => operation<Input, Output>(schema, (input, call) => act(parameters, input, call));
  return {
    id: 'ssm',
    operations: {
      PutParameter: on(PutParameter$, putParameter),
      GetParameter: on(GetParameter$, getParameter),
      GetParameters: on(GetParameters$, getParameters),
      GetParametersByPath: on(GetParametersByPath$, getParametersByPath),
      GetParameterHistory: on(GetParameterHistory$, getParameterHistory),
      DescribeParameters: on(DescribeParameters$, describeParameters),
      LabelParameterVersion: on(LabelParameterVersion$, labelParameterVersion),
      UnlabelParameterVersion: on(UnlabelParameterVersion$, unlabelParameterVersion),
      DeleteParameter: on(DeleteParameter$, deleteParameter),
      DeleteParameters: on(DeleteParameters$, deleteParameters),
      AddTagsToResource: on(AddTagsToResource$, addTagsToResource),
      RemoveTagsFromResource: on(RemoveTagsFromResource$, removeTagsFromResource),
      ListTagsForResource: on(ListTagsForResource$, listTagsForResource),
    },
  };
};
