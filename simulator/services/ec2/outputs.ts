/** What describes have made of the rows of one Region, for as long as it is the same. */
import type {
  DescribeImagesResult,
  DescribeInstancesResult,
  Image,
  Instance,
  Snapshot,
} from '@aws-sdk/client-ec2';
import { AnswerMemo } from '../../kernel/answer-memo.ts';
import { RowMemo } from '../../kernel/row-memo.ts';
import type { ImageRow, InstanceRow, SnapshotRow } from './rows.ts';

export class Outputs {
  readonly images = new RowMemo<ImageRow, Image>();
  /** With the keys of their snapshots, which the manners may have them show. */
  readonly imagesWithKeys = new RowMemo<ImageRow, Image>();
  readonly instances = new RowMemo<InstanceRow, Instance>();
  readonly snapshots = new RowMemo<SnapshotRow, Snapshot>();
  readonly imageAnswers = new AnswerMemo<DescribeImagesResult>();
  readonly instanceAnswers = new AnswerMemo<DescribeInstancesResult>();

  forgetImage(row: ImageRow): void {
    this.images.forget(row);
    this.imagesWithKeys.forget(row);
  }

  forgetInstance(row: InstanceRow): void {
    this.instances.forget(row);
  }

  /** What is told of an instance tells how its volumes are attached. */
  forgetVolume(): void {
    this.instances.forgetAll();
  }

  forgetSnapshot(row: SnapshotRow): void {
    this.snapshots.forget(row);
  }
}
