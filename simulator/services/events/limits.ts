/** Constraints that AWS's model of EventBridge has in more than one place. */
import { problemsOf } from '../constraints.ts';

const PLAIN_NAME = '[\\.\\-_A-Za-z0-9]+';
const BUS_NAME = '[/\\.\\-_A-Za-z0-9]+';
const BUS_NAME_OR_ARN =
  '(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+';

export const nameProblems = (place: string, name: string | undefined): readonly string[] =>
  problemsOf(place, name, { minLength: 1, maxLength: 64, pattern: PLAIN_NAME });

export const busNameProblems = (place: string, name: string | undefined): readonly string[] =>
  problemsOf(place, name, { minLength: 1, maxLength: 256, pattern: BUS_NAME });

export const busNameOrArnProblems = (place: string, name: string | undefined): readonly string[] =>
  problemsOf(place, name, { minLength: 1, maxLength: 1_600, pattern: BUS_NAME_OR_ARN });

export const arnProblems = (place: string, arn: string | undefined): readonly string[] =>
  problemsOf(place, arn, { minLength: 1, maxLength: 1_600 });

export const descriptionProblems = (text: string | undefined): readonly string[] =>
  problemsOf('description', text, { maxLength: 512 });
