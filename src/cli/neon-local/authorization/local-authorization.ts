import { createHmac, createHash, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import type { ClientBase } from 'pg'
import { createLocalRoles, localRoles } from '../../../sql/provider/local-roles.ts'
import type { Credentials } from '../backends/backend.ts'

/** How one connection takes the roles of its users in turn. */
export interface LocalAuthorization {
  /**
   * Returns the statement by which it takes the role of a user; undefined where it keeps the one it has.
   *
   * @throws AuthenticationError when there is no such role, it cannot log in, or the password is another
   */
  enter(credentials: Credentials): Promise<string | undefined>
  /** The statement by which it takes its own again: the embedded database does not know it after RESET or DISCARD. */
  readonly leave: string | undefined
}

/** The password of both local roles. */
export const localPassword = 'lexigram'

/** As PostgreSQL says it, whether the role or the password is wrong. */
class AuthenticationError extends Error {
  readonly code = '28P01'
  readonly severity = 'FATAL'

  constructor(user: string) {
    super(`password authentication failed for user "${user}"`)
  }
}

interface Role {
  readonly rolpassword: string | null
  readonly rolcanlogin: string
}

/**
 * Creates the local roles, with their password, and lets each user be the role of that name. A database whose connection
 * is not a superuser's keeps its role, and asks for no password: who can reach it can use it directly.
 */
export async function localAuthorization(client: ClientBase): Promise<LocalAuthorization> {
  const { rows } = await client.query<{ rolsuper: string; rolname: string }>(
    'select rolsuper, rolname from pg_catalog.pg_roles where rolname = current_user',
  )
  const [own] = rows
  if (own?.rolsuper !== 't') return { enter: () => Promise.resolve(undefined), leave: undefined }
  for (const statement of createLocalRoles) await client.query(statement)
  await setLocalPasswords(client)
  /** The secret that a user's password was found to fit: working it out takes milliseconds. */
  const proven = new Map<string, string>()
  const enter = async ({ user, password }: Credentials): Promise<string> => {
    const find = 'select rolpassword, rolcanlogin from pg_catalog.pg_authid where rolname = $1'
    const [role] = (await client.query<Role>(find, [user])).rows
    if (role?.rolcanlogin !== 't') throw new AuthenticationError(user)
    if (password === undefined) return authorization(user)
    const proof = `${user}\0${password}`
    if (role.rolpassword === null || proven.get(proof) !== role.rolpassword) {
      if (!passwordFits(password, role.rolpassword)) throw new AuthenticationError(user)
      proven.set(proof, role.rolpassword ?? '')
    }
    return authorization(user)
  }
  return { enter, leave: authorization(own.rolname) }
}

/** Those that have one keep it: it was set with `alter role`. */
async function setLocalPasswords(client: ClientBase): Promise<void> {
  const roles = Object.values(localRoles)
  const text = 'select rolname from pg_catalog.pg_authid where rolpassword is null and rolname = any($1)'
  const { rows } = await client.query<{ rolname: string }>(text, [roles])
  for (const { rolname } of rows) await client.query(`alter role ${rolname} password '${localPassword}'`)
}

function authorization(role: string): string {
  return `set session authorization "${role.replaceAll('"', '""')}"`
}

const secretForm = /^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):/

/**
 * Whether a password is the one that PostgreSQL keeps a SCRAM secret of. A role without a secret, or with one of another
 * kind, has no password that fits.
 *
 * @see https://www.postgresql.org/docs/current/catalog-pg-authid.html
 */
function passwordFits(password: string, secret: string | null): boolean {
  const [, iterations, salt, storedKey] = secretForm.exec(secret ?? '') ?? []
  if (salt === undefined || storedKey === undefined) return false
  const salted = pbkdf2Sync(password.normalize('NFKC'), Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const key = createHash('sha256').update(clientKey).digest()
  const expected = Buffer.from(storedKey, 'base64')
  return key.length === expected.length && timingSafeEqual(key, expected)
}
