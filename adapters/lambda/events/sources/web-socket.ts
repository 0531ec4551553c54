import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import { isForAuthorizer, isOfWebSocket } from '../../http/event.ts'
import { isObject, type EventSource } from '../event-source.ts'
import { handleOne } from '../handle-one.ts'
import type { RecordHandler } from '../handlers.ts'

/** API Gateway's WebSocket routes. Without a returned answer the client gets a 200. */
export const webSocket: EventSource<APIGatewayProxyWebsocketEventV2, RecordHandler<APIGatewayProxyWebsocketEventV2>> = {
  name: 'webSocket',
  options: 'none',
  matches: (event) => {
    const { requestContext } = event
    return isObject(requestContext) && isOfWebSocket(requestContext) && !isForAuthorizer(event)
  },
  handle: async (event, handler, lambda) =>
    (await handleOne({ trigger: 'webSocket', event }, handler, lambda)) ?? { statusCode: 200 },
}
