import { parentPort, Worker } from 'node:worker_threads';

type Reply<Answer> = { readonly answer: Answer } | { readonly error: unknown };

/** A thread that answers one request at a time. */
export interface AskedThread<Request, Answer> {
  /** Rejects with the error that the thread came to, or when it ends. */
  ask(request: Request): Promise<Answer>;
  /** Ends it at once, whatever it is at. */
  close(): Promise<void>;
}

/** @param script a compiled file that calls `answerRequests`. */
export function askedThread<Request, Answer>(script: URL): AskedThread<Request, Answer> {
  // The process's own flags (a guard, a debugger's port) are not for its threads.
  const thread = new Worker(script, { execArgv: [] });
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        // Each listener by name: without those that a Worker keeps for itself it hears no second reply.
        const settle = (act: () => void): void => {
          thread.off('message', onReply).off('error', onError).off('exit', onExit);
          act();
        };
        const onReply = (reply: Reply<Answer>): void =>
          settle(() => ('error' in reply ? reject(reply.error) : resolve(reply.answer)));
        const onError = (error: unknown): void => settle(() => reject(error));
        const onExit = (code: number): void => settle(() => reject(new Error(`the thread ended (exit code ${code})`)));
        thread.on('message', onReply).on('error', onError).on('exit', onExit);
        thread.postMessage(request);
      }),
    close: async () => {
      await thread.terminate();
    },
  };
}

/** In the thread: answers what it is asked. */
export function answerRequests<Request, Answer>(answer: (request: Request) => Promise<Answer>): void {
  const reply = async (request: Request): Promise<Reply<Answer>> => {
    try {
      return { answer: await answer(request) };
    } catch (error) {
      return { error };
    }
  };
  parentPort?.on('message', async (request: Request) => {
    parentPort?.postMessage(await reply(request));
  });
}
