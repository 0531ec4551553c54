import { NoSQLFilterError, UnsupportedOperationError } from '../../../errors.ts'

/** DynamoDB keeps what is on a stream for 24 hours. */
export function changesLost(cause?: unknown): NoSQLFilterError {
  return new NoSQLFilterError('a stream of changes cannot go on there: DynamoDB no longer has the changes after it', {
    reason: 'ChangeStreamHistoryLost',
    path: 'resumeAfter',
    hint: 'Read what is there, and watch from now on. DynamoDB keeps changes for 24 hours.',
    cause,
  })
}

export function withoutStream(): UnsupportedOperationError {
  return new UnsupportedOperationError('watch cannot read the changes: the table must have a stream with both images', {
    hint: 'Enable a stream of NEW_AND_OLD_IMAGES on the table: lexigram-edge dynamodb tables --watch declares it.',
  })
}

export function streamDisabled(): UnsupportedOperationError {
  return new UnsupportedOperationError('watch cannot go on: the stream of the table was disabled', {
    hint: 'Enable a stream of NEW_AND_OLD_IMAGES, read what is there, and watch from now on.',
  })
}
