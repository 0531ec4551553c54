import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import { lineConnectable } from './line-client.ts'

/** The ledger at a port of this machine, over a socket of Node's. */
export const nodeLedger = (port: number) =>
  lineConnectable(
    () =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1')
        socket.once('error', reject)
        socket.once('connect', () => {
          const { readable, writable } = Duplex.toWeb(socket)
          const close = async (): Promise<void> => void socket.destroy()
          resolve({ readable: readable as ReadableStream<Uint8Array>, writable, close })
        })
      }),
  )
