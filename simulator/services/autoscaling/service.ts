/** What the wire serves of Auto Scaling: groups, launch configurations, instances and tags. */
import {
  CreateAutoScalingGroup$,
  CreateLaunchConfiguration$,
  CreateOrUpdateTags$,
  DeleteAutoScalingGroup$,
  DeleteLaunchConfiguration$,
  DeleteTags$,
  DescribeAutoScalingGroups$,
  DescribeAutoScalingInstances$,
  DescribeLaunchConfigurations$,
  DescribeTags$,
  SetDesiredCapacity$,
  UpdateAutoScalingGroup$,
} from '@aws-sdk/client-auto-scaling';
import { type Call, type Operation, operation, type Service } from '../../wire/api.ts';
import { defineCapacity } from './capacity.ts';
import { describeGroups, describeInstances } from './describe-groups.ts';
import { createGroup, deleteGroup, setDesiredCapacity, updateGroup } from './group-changes.ts';
import type { AutoScaling } from './groups.ts';
import {
  createConfiguration,
  deleteConfiguration,
  describeConfigurations,
} from './launch-configurations.ts';
import { createOrUpdateTags, deleteTags, describeTags } from './tags.ts';

export const createAutoScalingService = (scaling: AutoScaling): Service => {
  defineCapacity(scaling);
  const on = <Input, Output>(
    schema: unknown,
    act: (scaling: AutoScaling, input: Input, call: Call) => Output,
  ): Operation => operation<Input, Output>(schema, (input, call) => act(scaling, input, call));
  return {
    id: 'autoscaling',
    operations: {
      CreateAutoScalingGroup: on(CreateAutoScalingGroup$, createGroup),
      UpdateAutoScalingGroup: on(UpdateAutoScalingGroup$, updateGroup),
      DescribeAutoScalingGroups: on(DescribeAutoScalingGroups$, describeGroups),
      DeleteAutoScalingGroup: on(DeleteAutoScalingGroup$, deleteGroup),
      SetDesiredCapacity: on(SetDesiredCapacity$, setDesiredCapacity),
      DescribeAutoScalingInstances: on(DescribeAutoScalingInstances$, describeInstances),
      CreateLaunchConfiguration: on(CreateLaunchConfiguration$, createConfiguration),
      DescribeLaunchConfigurations: on(DescribeLaunchConfigurations$, describeConfigurations),
      DeleteLaunchConfiguration: on(DeleteLaunchConfiguration$, deleteConfiguration),
      CreateOrUpdateTags: on(CreateOrUpdateTags$, createOrUpdateTags),
      DescribeTags: on(DescribeTags$, describeTags),
      DeleteTags: on(DeleteTags$, deleteTags),
    },
  };
};
