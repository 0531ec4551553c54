import type { HealthStatus, Provider } from './provider.ts'
import type { Resolver } from '../container/resolver.ts'
import { UsageError } from '../core/errors.ts'
import { within } from '../core/time-limit.ts'

const kinds = ['liveness', 'startup', 'readiness'] as const

/** Is the process alive, has it started, can it serve. */
export type HealthKind = (typeof kinds)[number]

/** The result of one provider's check. */
export interface HealthCheck {
  readonly name: string
  readonly status: HealthStatus
  readonly durationMs: number
}

/** All checks of a kind; the worst status wins. Says nothing about why: that goes to the error hook. */
export interface HealthReport {
  readonly status: HealthStatus
  readonly checks: readonly HealthCheck[]
}

const severity: readonly HealthStatus[] = ['healthy', 'degraded', 'unhealthy']
const timeout = 5000

export interface WhatIsChecked {
  readonly providers: readonly Provider[]
  readonly container: Resolver
  readonly onError: (error: unknown, provider: string) => void
}

/**
 * Asks every provider that has a health check, all at once, each bounded at 5 seconds. Liveness and startup ask no provider:
 * a process that answers is alive, and answers only once it has booted.
 *
 * @throws UsageError `LEX_ERR_USE_001` for another kind
 */
export async function checkHealth(
  kind: HealthKind,
  { providers, container, onError }: WhatIsChecked,
): Promise<HealthReport> {
  if (!kinds.includes(kind)) {
    throw new UsageError(`the kind of health must be ${listed(kinds)}`)
  }
  const asked = kind === 'readiness' ? providers.filter((provider) => provider.healthCheck !== undefined) : []
  const checks = await Promise.all(
    asked.map(async (provider): Promise<HealthCheck> => {
      const start = Date.now()
      const status = await statusOf(provider, container, onError)
      return { name: provider.name, status, durationMs: Date.now() - start }
    }),
  )
  const worst = Math.max(0, ...checks.map((check) => severity.indexOf(check.status)))
  return { status: severity[worst] ?? 'unhealthy', checks }
}

async function statusOf(
  provider: Provider,
  container: Resolver,
  onError: (error: unknown, provider: string) => void,
): Promise<HealthStatus> {
  try {
    const given: unknown = await within(provider.healthCheck?.(container), timeout, `health check of ${provider.name}`)
    const status = severity.find((known) => known === given)
    if (status !== undefined) return status
    throw new UsageError(`the health check of ${provider.name} must return ${listed(severity)}`)
  } catch (error) {
    onError(error, provider.name)
    return 'unhealthy'
  }
}

function listed(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(' or ')
}

/** A report as a response: 200 while usable, 503 otherwise; never cached. */
export function healthResponse(report: HealthReport): Response {
  return Response.json(report, {
    status: report.status === 'unhealthy' ? 503 : 200,
    headers: { 'cache-control': 'no-store' },
  })
}

/** The kind of health that a URL below `prefix` asks for. */
export function healthKindOf(url: string, prefix: string): HealthKind | undefined {
  // Most requests are not health checks: look before parsing.
  if (!url.includes(`${prefix}/`)) return undefined
  const { pathname } = new URL(url)
  if (pathname === `${prefix}/live`) return 'liveness'
  if (pathname === `${prefix}/ready`) return 'readiness'
  if (pathname === `${prefix}/startup`) return 'startup'
  return undefined
}
