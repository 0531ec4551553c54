import type { ClientBase } from 'pg'
import { createLocalRoles, localRoles } from '../../sql/provider/local-roles.ts'

/** Returns the statement by which the connection takes the role of a user; nothing where it keeps the one it has. */
export type Authorize = (user: string) => Promise<string | undefined>

/**
 * Creates the local roles and lets each user be the role of that name. Other users are the application's role: any user
 * and password will do, and none of them is a superuser unawares. A database whose connection is not a superuser's keeps
 * its role.
 */
export async function localAuthorization(client: ClientBase): Promise<Authorize> {
  const { rows } = await client.query<{ rolsuper: string }>(
    'select rolsuper from pg_catalog.pg_roles where rolname = current_user',
  )
  if (rows[0]?.rolsuper !== 't') return () => Promise.resolve(undefined)
  for (const statement of createLocalRoles) await client.query(statement)
  const known = new Set<string>(Object.values(localRoles))
  return async (user) => {
    if (!known.has(user)) {
      const found = await client.query('select from pg_catalog.pg_roles where rolname = $1', [user])
      if (found.rowCount !== 1) return authorization(localRoles.app)
      known.add(user)
    }
    return authorization(user)
  }
}

function authorization(role: string): string {
  return `set session authorization "${role.replaceAll('"', '""')}"`
}
