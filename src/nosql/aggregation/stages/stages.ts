import type { ParseStage, Place } from '../stage.ts'
import { parseAddFields } from './add-fields.ts'
import { parseBucketAuto } from './bucket-auto.ts'
import { parseBucket } from './bucket.ts'
import { parseCount } from './count.ts'
import { parseDensify } from './densify.ts'
import { parseDocuments } from './documents.ts'
import { parseFacet } from './facet.ts'
import { parseFill } from './fill.ts'
import { parseGraphLookup } from './graph-lookup.ts'
import { parseGroup } from './group.ts'
import { parseLimit, parseSkip } from './limit.ts'
import { parseLookup } from './lookup.ts'
import { parseMatch } from './match.ts'
import { parseMerge } from './merge.ts'
import { parseOut } from './out.ts'
import { parseProject } from './project.ts'
import { parseRedact } from './redact.ts'
import { parseReplaceRoot, parseReplaceWith } from './replace-root.ts'
import { parseSample } from './sample.ts'
import { parseSetWindowFields } from './set-window-fields.ts'
import { parseSortByCount } from './sort-by-count.ts'
import { parseSort } from './sort.ts'
import { parseUnionWith } from './union-with.ts'
import { parseUnset } from './unset.ts'
import { parseUnwind } from './unwind.ts'

/** A kind of stage, and where it is allowed. */
export interface StageKind {
  readonly parse: ParseStage
  /** `first`: makes its own input; `last`: keeps nothing for others. */
  readonly position?: 'first' | 'last'
  /** Not inside a `$facet`, however deep. */
  readonly outsideFacet?: true
  /** Makes values that documents did not hold before. */
  readonly computes?: true
  /** Places besides a collection's own pipeline; all but `update` unless given. */
  readonly places?: readonly Place[]
}

const inUpdate: readonly Place[] = [
  'collection',
  'database',
  'facet',
  'lookup',
  'lookupDatabase',
  'union',
  'unionDatabase',
  'update',
]
const writing = { position: 'last', places: ['collection', 'database'] } as const

const stages: Readonly<Record<string, StageKind>> = {
  $addFields: { parse: parseAddFields, computes: true, places: inUpdate },
  $bucket: { parse: parseBucket, computes: true },
  $bucketAuto: { parse: parseBucketAuto, computes: true },
  $count: { parse: parseCount },
  $densify: { parse: parseDensify },
  $documents: {
    parse: parseDocuments,
    position: 'first',
    outsideFacet: true,
    places: ['database', 'lookupDatabase', 'unionDatabase'],
  },
  $facet: { parse: parseFacet, computes: true, outsideFacet: true },
  $fill: { parse: parseFill, computes: true, places: inUpdate },
  $graphLookup: { parse: parseGraphLookup, computes: true },
  $group: { parse: parseGroup, computes: true },
  $limit: { parse: parseLimit },
  $lookup: { parse: parseLookup, computes: true },
  $match: { parse: parseMatch },
  $merge: { parse: parseMerge, ...writing },
  $out: { parse: parseOut, ...writing },
  $project: { parse: parseProject, computes: true, places: inUpdate },
  $redact: { parse: parseRedact },
  $replaceRoot: { parse: parseReplaceRoot, computes: true, places: inUpdate },
  $replaceWith: { parse: parseReplaceWith, computes: true, places: inUpdate },
  $sample: { parse: parseSample },
  $set: { parse: parseAddFields, computes: true, places: inUpdate },
  $setWindowFields: { parse: parseSetWindowFields, computes: true },
  $skip: { parse: parseSkip },
  $sort: { parse: parseSort },
  $sortByCount: { parse: parseSortByCount, computes: true },
  $unionWith: { parse: parseUnionWith },
  $unset: { parse: parseUnset, places: inUpdate },
  $unwind: { parse: parseUnwind },
}

export function stageNamed(name: string): StageKind | undefined {
  return Object.hasOwn(stages, name) ? stages[name] : undefined
}

export const stageNames: readonly string[] = Object.keys(stages)
