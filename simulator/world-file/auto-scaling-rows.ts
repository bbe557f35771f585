/** The part of Auto Scaling in a saved world, as it is saved. */
import type { LaunchTemplateSpecification } from '@aws-sdk/client-auto-scaling';
import * as z from 'zod';
import type {
  ConfigurationRow,
  GroupRow,
  GroupSettings,
  GroupSize,
  LaunchFailure,
  LaunchSource,
  MemberRow,
  Placement,
  TagRow,
} from '../services/autoscaling/rows.ts';
import { anyObject, flag, mapOf, number, rowOf, text, texts } from './shapes.ts';

const MEMBER = rowOf<MemberRow>()({
  instanceId: text,
  instanceType: text,
  zone: text,
  launchConfigurationName: text.optional(),
  template: anyObject<LaunchTemplateSpecification>().optional(),
  imageId: text.optional(),
  weight: number.optional(),
  isProtected: flag,
  launchedAtMs: number,
  isTerminating: flag,
});

const GROUP = rowOf<GroupRow>()({
  account: text,
  region: text,
  name: text,
  uuid: text,
  createdAtMs: number,
  source: anyObject<LaunchSource>(),
  size: rowOf<GroupSize>()({ min: number, max: number, desired: number }),
  placement: rowOf<Placement>()({ zones: texts, subnetIds: texts }),
  settings: anyObject<GroupSettings>(),
  tags: mapOf(rowOf<TagRow>()({ value: text, isPropagated: flag })),
  members: mapOf(MEMBER),
  isDeleting: flag,
  scaledAtMs: number.optional(),
  dueAtMs: number.optional(),
  failure: rowOf<LaunchFailure>()({ sinceMs: number, delayMs: number }).optional(),
});

const CONFIGURATION = rowOf<ConfigurationRow>()({
  account: text,
  region: text,
  name: text,
  uuid: text,
  createdAtMs: number,
  data: anyObject<ConfigurationRow['data']>(),
});

export const AUTO_SCALING = z.strictObject({
  groups: mapOf(GROUP),
  configurations: mapOf(CONFIGURATION),
});
