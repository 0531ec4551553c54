import { describe, expect, it } from 'vitest'
import { DomainError, DuplicateKeyError, NotFoundError, TimeoutError, ValidationError } from './errors.ts'
import { toProblemDetails, toProblemResponse } from './problem-details.ts'
import { err, ok } from './result/result.ts'

class OutOfStock extends DomainError {
  readonly code = 'OUT_OF_STOCK'
}

describe('toProblemDetails', () => {
  it('shows the message, the hint and the public details of a caller’s mistake', () => {
    const error = new NotFoundError('no product has this id', {
      hint: 'List the products.',
      publicDetails: { kind: 'product' },
    })
    expect(toProblemDetails(error, { instance: 'r1' })).toEqual({
      type: 'urn:lexigram:LEX_ERR_DOM_002',
      title: 'Not Found',
      status: 404,
      code: 'LEX_ERR_DOM_002',
      detail: 'no product has this id',
      hint: 'List the products.',
      kind: 'product',
      instance: 'r1',
    })
  })

  it('lists validation issues with their paths', () => {
    const error = new ValidationError('bad body', [{ path: ['items', 0, 'name'], message: 'is required' }])
    expect(toProblemDetails(error)).toMatchObject({
      status: 422,
      issues: [{ path: ['items', 0, 'name'], message: 'is required' }],
    })
  })

  it('takes the status of a code from the registry before the error’s own', () => {
    const error = new OutOfStock('none left')
    expect(toProblemDetails(error).status).toBe(400)
    expect(toProblemDetails(error, { statuses: { OUT_OF_STOCK: 409 } }).status).toBe(409)
  })

  it('says nothing but title and code from 500 on', () => {
    const error = new TimeoutError('db.internal:5432 did not answer', { hint: 'look at db.internal' })
    expect(toProblemDetails(error)).toEqual({
      type: 'urn:lexigram:LEX_ERR_INFRA_002',
      title: 'Gateway Timeout',
      status: 504,
      code: 'LEX_ERR_INFRA_002',
    })
  })

  it('keeps details for logs', () => {
    const details = { sqlState: '23505', table: 'users', constraint: 'users_email', schema: 'public' }
    const text = JSON.stringify(toProblemDetails(new DuplicateKeyError('taken', { details })))
    expect(text).not.toMatch(/23505|users|public/)
  })

  it('shows the public message in place of the message and the hint', () => {
    const error = new DuplicateKeyError('users_email refused the row', {
      hint: 'Look at users_email.',
      publicMessage: 'this address is taken',
    })
    const problem = toProblemDetails(error)
    expect(problem).toMatchObject({ status: 409, detail: 'this address is taken' })
    expect(problem).not.toHaveProperty('hint')
  })

  it('does not let public details overwrite what the problem says of itself', () => {
    const error = new NotFoundError('gone', { publicDetails: { status: 200, type: 'lie' } })
    expect(toProblemDetails(error)).toMatchObject({ status: 404, type: 'urn:lexigram:LEX_ERR_DOM_002' })
  })
})

describe('a thrown value', () => {
  const foreign = (code: string) => Object.assign(new Error('password=hunter2'), { code, status: 400 })
  const thrown: Readonly<Record<string, unknown>> = {
    'an error': new Error('password=hunter2'),
    'an error with a code': foreign('ECONNREFUSED'),
    'a text': 'password=hunter2 at db.internal',
    'data with a code': { code: 'hunter2', message: 'connect 10.0.0.5:5432 hunter2', status: 409 },
    'data with a name and a message': { name: 'Error', message: 'hunter2' },
    'a response': new Response('hunter2', { status: 404 }),
    nothing: undefined,
    null: null,
    'a number': 42,
    'a symbol': Symbol('hunter2'),
    'a function': () => 'hunter2',
    'a result that is a success': ok('hunter2'),
  }

  it.each(Object.entries(thrown))('a thrown value that is %s is a 500 without a detail', (_what, value) => {
    const problem = toProblemDetails(value)
    expect(problem).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500 })
  })

  it('a thrown value that is a foreign error has the status of its code without a detail', () => {
    const problem = toProblemDetails(foreign('SOLD_OUT'), { statuses: { SOLD_OUT: 409 } })
    expect(problem).toEqual({ type: 'urn:lexigram:SOLD_OUT', title: 'Conflict', status: 409, code: 'SOLD_OUT' })
  })

  it('a thrown value that is data has no status of its code', () => {
    expect(toProblemDetails({ code: 'SOLD_OUT' }, { statuses: { SOLD_OUT: 409 } }).status).toBe(500)
  })
})

describe('an Err', () => {
  it('an Err with text is a 400 with that text as the detail', () => {
    expect(toProblemDetails(err('out of stock'))).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'out of stock',
    })
  })

  it('an Err with text that the statuses name has that status under the text as its code', () => {
    expect(toProblemDetails(err('SOLD_OUT'), { statuses: { SOLD_OUT: 409 } })).toEqual({
      type: 'urn:lexigram:SOLD_OUT',
      title: 'Conflict',
      status: 409,
      code: 'SOLD_OUT',
      detail: 'SOLD_OUT',
    })
  })

  it('has a type that is a URI, whatever its text', () => {
    const { type } = toProblemDetails(err('sold out'), { statuses: { 'sold out': 409 } })
    expect([type, URL.canParse(type)]).toEqual(['urn:lexigram:sold%20out', true])
  })

  it('an Err with text whose status is 500 or more has no detail', () => {
    const problem = toProblemDetails(err('LEDGER_DOWN'), { statuses: { LEDGER_DOWN: 503 } })
    expect(problem).toMatchObject({ status: 503, code: 'LEDGER_DOWN' })
    expect(problem).not.toHaveProperty('detail')
  })

  it.each(['constructor', '__proto__', 'toString'])(
    'an Err with the text %s is not looked up in a prototype',
    (text) => {
      expect(toProblemDetails(err(text), { statuses: {} }).status).toBe(400)
    },
  )

  it('an Err with data that has a code has its own status, unless the statuses name one', () => {
    const failure = err({ code: 'SOLD_OUT', status: 409, message: 'gone' })
    expect(toProblemDetails(failure)).toMatchObject({ status: 409, code: 'SOLD_OUT', detail: 'gone' })
    expect(toProblemDetails(failure, { statuses: { SOLD_OUT: 410 } }).status).toBe(410)
    expect(toProblemDetails(err({ code: 'SOLD_OUT', status: 'nonsense' })).status).toBe(400)
  })

  it('an Err with an error of this package is what the error is when it is thrown', () => {
    const error = new NotFoundError('gone', { publicDetails: { id: 1 } })
    expect(toProblemDetails(err(error))).toEqual(toProblemDetails(error))
  })

  it('an Err with a foreign error is a 500, unless the statuses name its code', () => {
    const error = Object.assign(new Error('none left'), { code: 'SOLD_OUT' })
    expect(toProblemDetails(err(error)).status).toBe(500)
    expect(toProblemDetails(err(error), { statuses: { SOLD_OUT: 409 } })).toMatchObject({ detail: 'none left' })
  })

  it.each([[undefined], [42], [{ reason: 'hunter2' }]])('an Err with %o is a 500 without a detail', (error) => {
    const problem = toProblemDetails(err(error))
    expect(problem).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500 })
  })
})

describe('toProblemResponse', () => {
  it('has the media type of RFC 9457', async () => {
    const response = toProblemResponse(new NotFoundError('gone'))
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 404, detail: 'gone' })
  })
})

describe('a problem response', () => {
  it('is one although JSON cannot express the public details', async () => {
    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = cyclic
    for (const publicDetails of [{ id: 10n }, cyclic]) {
      const response = toProblemResponse(new NotFoundError('no product has this id', { publicDetails }))
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ status: 404, code: 'LEX_ERR_DOM_002' })
    }
  })

  it.each([200, 399, 600, 404.5, Number.NaN, '404'])('cannot be %s: it would not be that of an error', (status) => {
    const options = { statuses: { OUT_OF_STOCK: status as number } }
    expect(() => toProblemDetails(new OutOfStock('none left'), options)).toThrow("'statuses' must be a plain object of")
  })

  it('is not looked up among the members that every object has', () => {
    expect(toProblemDetails(err({ code: 'constructor' }), { statuses: {} }).status).toBe(400)
  })
})

describe('problemTypes', () => {
  const problemTypes = 'https://docs.example.com/errors.html#'

  it('makes the type the address of the code', () => {
    const { type } = toProblemDetails(new NotFoundError('gone'), { problemTypes })
    expect(type).toBe('https://docs.example.com/errors.html#LEX_ERR_DOM_002')
  })

  it('encodes the code', () => {
    const { type } = toProblemDetails(err('a/b?'), { problemTypes, statuses: { 'a/b?': 409 } })
    expect(type).toBe('https://docs.example.com/errors.html#a%2Fb%3F')
  })

  it('leaves a problem without a code without its own type', () => {
    expect(toProblemDetails(new Error('bug'), { problemTypes }).type).toBe('about:blank')
  })

  it('problemTypes applies where the details cannot be written as JSON', async () => {
    const error = new NotFoundError('gone', { publicDetails: { size: 1n } })
    expect(await toProblemResponse(error, { problemTypes }).json()).toMatchObject({
      type: `${problemTypes}LEX_ERR_DOM_002`,
    })
  })
})
