// oxlint-disable unicorn/no-thenable -- branches of $switch have a field of this name
import { ANSWER, BUDGET, DOCUMENT, FILTER, many, nested, type HostileCase } from './case.ts'

type Stages = readonly Readonly<Record<string, unknown>>[]

const twice = (path: string): readonly string[] => [path, path]
const repeat = (times: number, ...stages: Stages): Stages => many(times, () => stages).flat()
const sorted = { $sort: { a: 1 } }

/** A million rounds over lists that are equal and not the same. */
const loop = (body: unknown): Stages => [
  {
    $project: {
      a: {
        $let: {
          vars: { other: { $map: { input: '$list', in: '$$this' } } },
          in: { $map: { input: { $range: [0, 1_000_000] }, in: body } },
        },
      },
    },
  },
]

/** The same with an object of 50,000 fields. */
const large = (body: unknown): Stages => [
  {
    $addFields: {
      large: {
        $arrayToObject: { $map: { input: { $range: [0, 50_000] }, in: { k: { $toString: '$$this' }, v: '$$this' } } },
      },
    },
  },
  { $project: { a: { $map: { input: { $range: [0, 1_000_000] }, in: body } } } },
]

const pipelines: readonly (readonly [name: string, stages: () => Stages, ends: string])[] = [
  ['$addFields that doubles', () => [...repeat(40, { $addFields: { a: twice('$a') } }), sorted], BUDGET],
  ['$set that doubles the document', () => [...repeat(40, { $set: { a: '$$ROOT', b: '$$ROOT' } }), sorted], BUDGET],
  ['$project that doubles', () => [...repeat(40, { $project: { a: { x: '$a', y: '$a' } } }), sorted], BUDGET],
  ['$project that doubles by paths', () => [...repeat(40, { $project: { 'a.x': '$a', 'a.y': '$a' } }), sorted], BUDGET],
  ['$replaceWith that doubles', () => [...repeat(40, { $replaceWith: { a: '$$ROOT', b: '$$ROOT' } }), sorted], BUDGET],
  [
    '$replaceRoot that doubles',
    () => [...repeat(40, { $replaceRoot: { newRoot: { a: '$$ROOT', b: '$$ROOT' } } }), sorted],
    BUDGET,
  ],
  ['$group that doubles its key', () => [...repeat(40, { $group: { _id: twice('$_id') } }), sorted], BUDGET],
  [
    '$group that doubles its values',
    () => [...repeat(40, { $group: { _id: 1, a: { $push: '$$ROOT' }, b: { $push: '$$ROOT' } } })],
    BUDGET,
  ],
  [
    '$group with $topN that doubles',
    () => [
      ...repeat(40, { $group: { _id: 1, a: { $topN: { n: 9, sortBy: { _id: 1 }, output: ['$$ROOT', '$$ROOT'] } } } }),
    ],
    BUDGET,
  ],
  [
    '$bucket that doubles',
    () => [
      ...repeat(40, {
        $bucket: {
          groupBy: { $literal: 1 },
          boundaries: [0, 2],
          output: { a: { $push: { x: '$$ROOT', y: '$$ROOT' } } },
        },
      }),
    ],
    BUDGET,
  ],
  [
    '$bucketAuto that doubles',
    () => [
      ...repeat(40, {
        $bucketAuto: { groupBy: { $literal: 1 }, buckets: 1, output: { a: { $push: { x: '$$ROOT', y: '$$ROOT' } } } },
      }),
    ],
    BUDGET,
  ],
  [
    '$sortByCount that doubles',
    () => [...repeat(40, { $sortByCount: { $concatArrays: [['$_id'], ['$_id']] } })],
    BUDGET,
  ],
  ['$facet that doubles', () => [...repeat(40, { $facet: { a: [], b: [] } }), sorted], BUDGET],
  [
    '$setWindowFields that doubles',
    () => [...repeat(40, { $setWindowFields: { output: { a: { $push: '$$ROOT' }, b: { $push: '$$ROOT' } } } })],
    BUDGET,
  ],
  [
    '$setWindowFields that shifts the document',
    () => [
      ...repeat(40, {
        $setWindowFields: { sortBy: { _id: 1 }, output: { a: { $shift: { output: twice('$$ROOT'), by: 0 } } } },
      }),
    ],
    BUDGET,
  ],
  [
    '$fill that doubles',
    () => [...repeat(40, { $fill: { output: { [`z`]: { value: twice('$$ROOT') } } } }, { $project: { y: '$z' } })],
    BUDGET,
  ],
  [
    '$lookup of the document itself',
    () => [
      ...repeat(40, {
        $lookup: {
          let: { d: '$$ROOT' },
          pipeline: [{ $documents: [{}] }, { $project: { x: '$$d', y: '$$d' } }],
          as: 'j',
        },
      }),
      sorted,
    ],
    BUDGET,
  ],
  ['$addFields that gets deeper', () => [...repeat(900, { $addFields: { a: ['$a'] } }), sorted], BUDGET],
  ['$replaceWith that gets deeper', () => [...repeat(900, { $replaceWith: { a: '$$ROOT' } }), sorted], BUDGET],
  ['strings that double', () => [...repeat(60, { $addFields: { text: { $concat: twice('$text') } } }), sorted], BUDGET],
  [
    'arrays that double',
    () => [...repeat(60, { $addFields: { list: { $concatArrays: twice('$list') } } }), sorted],
    BUDGET,
  ],
  [
    '$map that multiplies',
    () => repeat(60, { $addFields: { list: { $map: { input: { $range: [0, 1000] }, in: '$list' } } } }),
    BUDGET,
  ],
  [
    '$zip that doubles',
    () => [...repeat(60, { $addFields: { list: { $zip: { inputs: twice('$list') } } } }), sorted],
    BUDGET,
  ],
  [
    '$setUnion that grows',
    () => [...repeat(60, { $addFields: { list: { $setUnion: ['$list', [twice('$list')]] } } }), sorted],
    BUDGET,
  ],
  [
    '$objectToArray that doubles',
    () => [
      ...repeat(60, { $replaceWith: { a: { $objectToArray: '$$ROOT' }, b: { $objectToArray: '$$ROOT' } } }),
      sorted,
    ],
    BUDGET,
  ],
  [
    '$mergeObjects that doubles',
    () => [...repeat(60, { $replaceWith: { $mergeObjects: [{ a: '$$ROOT' }, { b: '$$ROOT' }] } }), sorted],
    BUDGET,
  ],
  [
    '$setField that doubles',
    () => [
      ...repeat(60, { $replaceWith: { $setField: { field: 'q', input: '$$ROOT', value: twice('$$ROOT') } } }),
      sorted,
    ],
    BUDGET,
  ],
  ['$facet inside $facet', () => [{ $facet: { a: [{ $facet: { b: [] } }] } }], FILTER],
  [
    '$facet of 50,000 fields',
    () => [{ $facet: Object.fromEntries(many(50_000, (i) => [`f${i}`, [{ $match: {} }]])) }],
    BUDGET,
  ],
  ['10,000 stages', () => repeat(10_000, { $match: {} }), FILTER],
  [
    '$lookup inside itself',
    () => [
      nested(
        500,
        (inner) => ({ $lookup: { from: 'things', pipeline: inner === null ? [] : [inner], as: 'x' } }),
        null,
      ) as Stages[0],
    ],
    FILTER,
  ],
  [
    '$unionWith inside itself',
    () => [
      nested(
        500,
        (inner) => ({ $unionWith: { coll: 'things', pipeline: inner === null ? [] : [inner] } }),
        null,
      ) as Stages[0],
    ],
    FILTER,
  ],
  ['$unionWith of 900 self-unions', () => repeat(900, { $unionWith: 'things' }), ANSWER],
  [
    '$unionWith that doubles',
    () => [
      nested(
        19,
        (inner) => ({ $unionWith: { coll: 'things', pipeline: inner === null ? [] : [inner, inner, inner] } }),
        null,
      ) as Stages[0],
    ],
    BUDGET,
  ],
  [
    '$unionWith of 4,096 unions',
    () => [
      nested(
        12,
        (inner) => ({ $unionWith: { coll: 'things', pipeline: inner === null ? [] : [inner, inner] } }),
        null,
      ) as Stages[0],
      { $count: 'n' },
    ],
    ANSWER,
  ],
  [
    '$lookup cross products',
    () => [...repeat(20, { $lookup: { from: 'things', pipeline: [], as: 'x' } }, { $unwind: '$x' }), { $count: 'n' }],
    BUDGET,
  ],
  [
    '$unwind of ranges',
    () => [...repeat(8, { $addFields: { r: { $range: [0, 1000] } } }, { $unwind: '$r' }), { $count: 'n' }],
    BUDGET,
  ],
  [
    '$graphLookup of everything by everything',
    () => [
      { $graphLookup: { from: 'things', startWith: '$list', connectFromField: 'list', connectToField: 'n', as: 'x' } },
    ],
    ANSWER,
  ],
  [
    '$graphLookup of a cycle',
    () => [
      { $graphLookup: { from: 'things', startWith: '$_id', connectFromField: 'next', connectToField: '_id', as: 'x' } },
    ],
    ANSWER,
  ],
  [
    '$densify of a thousand million',
    () => [{ $densify: { field: 'n', range: { step: 1, bounds: [0, 1_000_000_000] } } }, { $count: 'n' }],
    BUDGET,
  ],
  [
    '$densify by a tiny step',
    () => [{ $densify: { field: 'n', range: { step: 1e-12, bounds: 'full' } } }, { $count: 'n' }],
    BUDGET,
  ],
  [
    '$densify by a step that adds nothing',
    () => [{ $densify: { field: 'n', range: { step: 1e-300, bounds: [1e300, 2e300] } } }],
    BUDGET,
  ],
  ['$range of everything', () => [{ $project: { a: { $range: [0, 2147483647] } } }], BUDGET],
  [
    '$reduce doubling a string',
    () => [
      {
        $project: {
          a: { $reduce: { input: { $range: [0, 99] }, initialValue: 'x', in: { $concat: twice('$$value') } } },
        },
      },
    ],
    BUDGET,
  ],
  ['$sort by 1,000 keys', () => [{ $sort: Object.fromEntries(many(1000, (i) => [`f${i}`, 1])) }], FILTER],
  ['$sort by a very long path', () => [{ $sort: { [many(100_000, () => 'a').join('.')]: 1 } }], FILTER],
  ['$project of a very long path', () => [{ $project: { [many(100_000, () => 'a').join('.')]: 1 } }], FILTER],
  ['an expression of a very long path', () => [{ $project: { a: `$${many(100_000, () => 'a').join('.')}` } }], FILTER],
  ['$group by a very deep expression', () => [{ $group: { _id: nested(100_000, (inner) => [inner], 1) } }], FILTER],
  [
    '$project of 100,000 fields',
    () => [{ $project: Object.fromEntries(many(100_000, (i) => [`f${i}`, { $literal: i }])) }],
    ANSWER,
  ],
  [
    '$switch of 100,000 branches',
    () => [
      {
        $project: {
          a: { $switch: { branches: many(100_000, (i) => ({ case: { $eq: ['$n', -i - 1] }, then: i })), default: 0 } },
        },
      },
    ],
    ANSWER,
  ],
  ['$and of 200,000 operands', () => [{ $project: { a: { $and: many(200_000, () => '$n') } } }], ANSWER],
  ['$sample of more than there is', () => [{ $sample: { size: 2 ** 31 } }], ANSWER],
  ['$skip beyond everything', () => [{ $skip: Number.MAX_SAFE_INTEGER }], ANSWER],
  ['$bucketAuto of 2 ** 31 buckets', () => [{ $bucketAuto: { groupBy: '$n', buckets: 2 ** 31 - 1 } }], ANSWER],
  [
    '$bucket of 200,000 boundaries',
    () => [{ $bucket: { groupBy: '$n', boundaries: many(200_000, (i) => i), default: 'x' } }],
    ANSWER,
  ],
  ['$firstN of 2 ** 31', () => [{ $group: { _id: 1, a: { $firstN: { n: 2 ** 31, input: '$n' } } } }], ANSWER],
  [
    '$dateFromString with a hostile format',
    () => [
      {
        $project: { a: { $dateFromString: { dateString: '1'.repeat(10_000), format: '%d'.repeat(5000), onError: 0 } } },
      },
    ],
    ANSWER,
  ],
  [
    '$dateDiff over all time',
    () => [
      {
        $project: {
          a: { $dateDiff: { startDate: new Date(-8.64e15), endDate: new Date(8.64e15), unit: 'millisecond' } },
        },
      },
    ],
    ANSWER,
  ],
  [
    '$dateAdd beyond all time',
    () => [{ $project: { a: { $dateAdd: { startDate: new Date(8.64e15), unit: 'year', amount: 2 ** 31 } } } }],
    FILTER,
  ],
  [
    '$densify of dates by milliseconds',
    () => [
      { $densify: { field: 'at', range: { step: 1, unit: 'millisecond', bounds: [new Date(0), new Date(8.64e15)] } } },
      { $count: 'n' },
    ],
    BUDGET,
  ],
  [
    '$replaceAll that multiplies',
    () =>
      repeat(12, { $addFields: { text: { $replaceAll: { input: '$text', find: 'a', replacement: 'a'.repeat(40) } } } }),
    BUDGET,
  ],
  [
    '$split of a long string, again and again',
    () => [
      {
        $project: {
          a: { $map: { input: { $range: [0, 100_000] }, in: { $size: { $split: ['a'.repeat(100_000), 'a'] } } } },
        },
      },
    ],
    ANSWER,
  ],
  [
    '$regexFindAll of everything, again and again',
    () => [
      {
        $project: {
          a: {
            $map: {
              input: { $range: [0, 100_000] },
              in: { $regexFindAll: { input: 'a'.repeat(100_000), regex: 'a' } },
            },
          },
        },
      },
    ],
    BUDGET,
  ],
  [
    '$sortArray in loops',
    () => [
      {
        $project: {
          a: {
            $map: {
              input: { $range: [0, 100_000] },
              in: { $sortArray: { input: { $range: [0, 100_000] }, sortBy: -1 } },
            },
          },
        },
      },
    ],
    BUDGET,
  ],
  [
    '$setIntersection in loops',
    () => [
      {
        $project: {
          a: {
            $map: {
              input: { $range: [0, 100_000] },
              in: { $setIntersection: [{ $range: [0, 100_000] }, { $range: [0, 100_000] }] },
            },
          },
        },
      },
    ],
    BUDGET,
  ],
  [
    '$strLenCP in loops',
    () => [
      { $project: { a: { $map: { input: { $range: [0, 1_000_000] }, in: { $strLenCP: 'a'.repeat(100_000) } } } } },
    ],
    ANSWER,
  ],
  [
    '$toUpper in loops',
    () => [
      {
        $project: {
          a: {
            $map: {
              input: { $range: [0, 1_000_000] },
              in: { $toUpper: { $concat: ['a'.repeat(100_000), { $toString: '$$this' }] } },
            },
          },
        },
      },
    ],
    BUDGET,
  ],
  [
    '$indexOfCP in loops',
    () => [
      {
        $project: {
          a: { $map: { input: { $range: [0, 1_000_000] }, in: { $indexOfCP: ['a'.repeat(100_000), 'b'] } } },
        },
      },
    ],
    ANSWER,
  ],
  [
    '$trim of long strings',
    () => [
      {
        $project: {
          a: {
            $map: {
              input: { $range: [0, 100_000] },
              in: { $trim: { input: `${' '.repeat(100_000)}a${' '.repeat(100_000)}a` } },
            },
          },
        },
      },
    ],
    ANSWER,
  ],
  [
    '$cmp of large arrays in loops',
    () => [
      {
        $project: {
          a: {
            $map: {
              input: { $range: [0, 1_000_000] },
              in: { $eq: [{ $range: [0, 100_000] }, { $range: [0, 100_000] }] },
            },
          },
        },
      },
    ],
    ANSWER,
  ],
  [
    '$mergeObjects in loops',
    () => [
      {
        $project: {
          a: {
            $reduce: {
              input: { $range: [0, 200_000] },
              initialValue: {},
              in: { $mergeObjects: ['$$value', { $arrayToObject: [[{ k: { $toString: '$$this' }, v: 1 }]] }] },
            },
          },
        },
      },
    ],
    BUDGET,
  ],
  [
    '$concatArrays that grows by one',
    () => [
      {
        $project: {
          a: {
            $size: {
              $reduce: {
                input: { $range: [0, 1_000_000] },
                initialValue: [],
                in: { $concatArrays: ['$$value', ['$$this']] },
              },
            },
          },
        },
      },
    ],
    BUDGET,
  ],
  [
    '$concat that grows by one',
    () => [
      {
        $project: {
          a: {
            $strLenCP: {
              $reduce: { input: { $range: [0, 1_000_000] }, initialValue: '', in: { $concat: ['$$value', 'x'] } },
            },
          },
        },
      },
    ],
    BUDGET,
  ],
  ['$eq of nested lists in loops', () => loop({ $eq: [['$list'], ['$$other']] }), BUDGET],
  ['$in of nested lists in loops', () => loop({ $in: [['$list'], [['$$other'], ['$$other']]] }), BUDGET],
  ['$setUnion of nested lists in loops', () => loop({ $size: { $setUnion: [['$list'], ['$$other']] } }), BUDGET],
  ['$indexOfArray of nested lists in loops', () => loop({ $indexOfArray: [['$$other'], '$list'] }), BUDGET],
  ['$max of nested lists in loops', () => loop({ $max: [['$list'], ['$$other']] }), BUDGET],
  ['$mergeObjects of large objects in loops', () => large({ $mergeObjects: ['$large', { a: '$$this' }] }), BUDGET],
  [
    '$setField of large objects in loops',
    () => large({ $setField: { field: 'q', input: '$large', value: '$$this' } }),
    BUDGET,
  ],
  ['$objectToArray of large objects in loops', () => large({ $size: { $objectToArray: '$large' } }), BUDGET],
  ['$bsonSize of large objects in loops', () => large({ $bsonSize: '$large' }), BUDGET],
  [
    '$toString of long strings in loops',
    () => loop({ $strLenCP: { $concat: ['$text', { $toString: '$$this' }] } }),
    BUDGET,
  ],
  ['$regexMatch of long strings in loops', () => loop({ $regexMatch: { input: '$text', regex: 'b$' } }), BUDGET],
  [
    '$sortArray of nested lists in loops',
    () => loop({ $sortArray: { input: [['$list'], ['$$other']], sortBy: 1 } }),
    BUDGET,
  ],
  [
    '$ifNull and $cond of lists in loops',
    () => loop({ $cond: [{ $gt: ['$list', '$$other'] }, '$list', { $ifNull: ['$list', 1] }] }),
    BUDGET,
  ],
  [
    '$switch in loops',
    () => loop({ $switch: { branches: [{ case: { $lt: ['$list', '$$other'] }, then: 1 }], default: 2 } }),
    BUDGET,
  ],
  ['$merge of what it reads', () => [{ $addFields: { m: 1 } }, { $merge: 'things' }], ANSWER],
  ['$merge of deep documents', () => [...repeat(40, { $addFields: { a: ['$a'] } }), { $merge: 'others' }], DOCUMENT],
  ['$out of deep documents', () => [...repeat(40, { $addFields: { a: ['$a'] } }), { $out: 'others' }], DOCUMENT],
  [
    '$setWindowFields over moving windows',
    () => [
      { $unwind: '$list' },
      {
        $setWindowFields: {
          sortBy: { list: 1 },
          output: { s: { $push: '$$ROOT', window: { documents: [-1000, 1000] } } },
        },
      },
    ],
    BUDGET,
  ],
  [
    '$lookup with a million outer documents',
    () => [
      { $project: { r: { $range: [0, 1_000_000] } } },
      { $unwind: '$r' },
      { $lookup: { from: 'things', localField: 'r', foreignField: 'list', as: 'x' } },
      { $count: 'n' },
    ],
    BUDGET,
  ],
]

export const pipelineCases: readonly HostileCase[] = pipelines.map(([name, stages, ends]) => ({
  name: `pipeline: ${name}`,
  ends,
  input: stages,
  run: ({ things }, input) => things.aggregate(input as Stages).toArray(),
}))
