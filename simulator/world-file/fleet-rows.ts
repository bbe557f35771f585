/** Fleets as they are saved. */
import type { LaunchTemplateAndOverridesResponse } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { SavedFleets } from '../services/ec2/fleet-memory.ts';
import type {
  FleetErrorRow,
  FleetMemberRow,
  FleetRow,
  FleetSource,
  FleetTarget,
} from '../services/ec2/fleet-rows.ts';
import { anyObject, flag, listOf, mapOf, number, rowOf, tags, text } from './shapes.ts';

const LIFECYCLE = z.enum(['on-demand', 'spot']);
const SOURCE = anyObject<LaunchTemplateAndOverridesResponse>();

const MEMBER = rowOf<FleetMemberRow>()({
  instanceId: text,
  instanceType: text,
  isWindows: flag,
  lifecycle: LIFECYCLE,
  weight: number,
  source: SOURCE,
});

const REFUSED = rowOf<FleetErrorRow>()({
  source: SOURCE,
  lifecycle: LIFECYCLE,
  code: text,
  message: text,
});

const FLEET = rowOf<FleetRow>()({
  fleetId: text,
  ownerId: text,
  createdAtMs: number,
  type: z.enum(['instant', 'request', 'maintain']),
  tags,
  settings: anyObject<object>(),
  isDiversified: flag,
  isPrioritized: flag,
  source: anyObject<FleetSource>(),
  target: rowOf<FleetTarget>()({ total: number, onDemand: number, defaultType: LIFECYCLE }),
  keepsExcess: flag,
  state: z.enum([
    'submitted',
    'active',
    'modifying',
    'ended_running',
    'ended_terminating',
    'ended',
  ]),
  members: mapOf(MEMBER),
  errors: listOf(REFUSED),
  dueAtMs: number.optional(),
  failure: rowOf<NonNullable<FleetRow['failure']>>()({
    sinceMs: number,
    delayMs: number,
  }).optional(),
});

export const FLEETS = rowOf<SavedFleets>()({
  fleets: listOf(FLEET),
  spotFleets: listOf(FLEET),
});
