import { cutText } from '../cut-text.ts'
import type { ApplicationRecord, GraphNode, HealthRecord, SettingRecord } from '../wire.ts'
import { isRecord, isTime, textsOf } from './parsed.ts'

const mostEntries = 2000

/** What an application says of itself, cut to what is kept; undefined where it is not whole. */
export function parseApplication(given: Readonly<Record<string, unknown>>): ApplicationRecord | undefined {
  const { id, name, runtime, bootedAt, graph, settings, used, held, health } = given
  if (typeof id !== 'string' || typeof name !== 'string') return undefined
  if (typeof runtime !== 'string' || !isTime(bootedAt)) return undefined
  const asked = isRecord(health) ? healthOf(health) : undefined
  return {
    id: cutText(id),
    name: cutText(name),
    runtime: cutText(runtime),
    bootedAt,
    graph: listOf(graph, nodeOf),
    settings: listOf(settings, settingOf),
    used: textsOf(used, mostEntries),
    held: textsOf(held, mostEntries),
    ...(asked !== undefined && { health: asked }),
  }
}

function listOf<T>(given: unknown, read: (entry: Readonly<Record<string, unknown>>) => T | undefined): readonly T[] {
  if (!Array.isArray(given)) return []
  return given.slice(0, mostEntries).flatMap((entry: unknown) => (isRecord(entry) ? (read(entry) ?? []) : []))
}

function nodeOf(given: Readonly<Record<string, unknown>>): GraphNode | undefined {
  const { name, lifetime, io, async, by, needs, aliasOf } = given
  if (typeof name !== 'string') return undefined
  return {
    name: cutText(name),
    lifetime: lifetime === 'singleton' || lifetime === 'scoped' ? lifetime : 'transient',
    io: io === 'stateless' || io === 'socket' ? io : 'none',
    async: async === true,
    by: typeof by === 'string' ? cutText(by) : '',
    needs: textsOf(needs, mostEntries),
    ...(typeof aliasOf === 'string' && { aliasOf: cutText(aliasOf) }),
  }
}

function settingOf({ section, path, value, description }: Readonly<Record<string, unknown>>) {
  if (typeof section !== 'string' || typeof path !== 'string') return undefined
  const setting: SettingRecord = {
    section: cutText(section),
    path: cutText(path),
    ...(typeof value === 'string' && { value: cutText(value) }),
    description: typeof description === 'string' ? cutText(description) : '',
  }
  return setting
}

function healthOf({ status, at, checks }: Readonly<Record<string, unknown>>): HealthRecord | undefined {
  if (typeof status !== 'string' || !isTime(at)) return undefined
  return {
    status: cutText(status),
    at,
    checks: listOf(checks, ({ name, status: own, durationMs }) =>
      typeof name === 'string' && typeof own === 'string' && typeof durationMs === 'number'
        ? { name: cutText(name), status: cutText(own), durationMs }
        : undefined,
    ),
  }
}
