import { ConfigurationError } from '../../config/configuration-error.ts'
import { loadSection } from '../../config/load-section.ts'
import { UsageError } from '../../core/errors.ts'
import { reveal } from '../../core/setting/secret.ts'
import { DatabaseConfig } from '../../sql/config.ts'
import { configuredDatabases } from '../../sql/provider/chosen-database.ts'

/**
 * The database of this name, as the application reads it from its variables: `LEX_DATABASE__BACKENDS__0__NAME`, … The only
 * one of an application is called `default`.
 *
 * @throws UsageError for a name that is not configured, with those that are, and for a section that is not valid
 */
export async function findDatabase(
  name: string,
  env: object,
): Promise<{ readonly url: string; readonly driver: string | undefined }> {
  const loaded = await loadSection(DatabaseConfig, env)
  if ('issues' in loaded) {
    const { message, hint } = new ConfigurationError(loaded.issues)
    throw new UsageError(message, { hint })
  }
  const databases = configuredDatabases(loaded.value)
  const found = databases.find((database) => database.name === name)
  if (found?.settings.url === undefined) {
    throw new UsageError(`--database must be one of ${databases.map((database) => database.name).join(', ')}`, {
      hint: 'Set LEX_DATABASE__BACKENDS__0__NAME and LEX_DATABASE__BACKENDS__0__URL as the application has them.',
    })
  }
  return { url: reveal(found.settings.url), driver: found.settings.driver }
}
