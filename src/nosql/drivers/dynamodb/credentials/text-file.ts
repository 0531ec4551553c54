import { builtinModule } from '../../../../core/builtin-module.ts'
import { UsageError } from '../../../../core/errors.ts'

interface Files {
  readonly promises: {
    readFile(path: string, options: { readonly encoding: 'utf8'; readonly signal: AbortSignal }): Promise<string>
  }
}

/** In milliseconds. The file is on the machine's own disk. */
const longestRead = 2000

/**
 * Reads a file where the runtime has files.
 *
 * @throws UsageError when the runtime has no files, or the file cannot be read
 */
export async function readTextFile(path: string): Promise<string> {
  const files = builtinModule<Files>('node:fs')?.promises
  if (files === undefined) {
    throw new UsageError('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read: this runtime has no files', {
      hint: 'Use Node 22.3 or newer, or pass dynamodb({ credentials }).',
    })
  }
  try {
    return await files.readFile(path, { encoding: 'utf8', signal: AbortSignal.timeout(longestRead) })
  } catch (cause) {
    throw new UsageError('the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names cannot be read', { cause })
  }
}
