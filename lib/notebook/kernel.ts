import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { temporaryFolder } from "../files";
import { childEnvironment } from "../session";
import { afterMilliseconds } from "./after";
import { kernelEnvironment, nodeOptions } from "./kernel-command";
import { fromFrames, type KernelMessage, request, toFrames } from "./messages";

export interface KernelOptions {
  /** Working folder of the kernel: the folder of the notebook, as in Jupyter. */
  folder: string;
  /** Added to the environment of this process. */
  environment?: Record<string, string>;
  /** Milliseconds until the kernel must have answered for the first time. */
  startTimeout?: number;
}

/** The kernel process ended by itself or was killed. */
export class KernelDied extends Error {
  constructor(
    readonly how: string,
    /** What the process wrote past Jupyter's channels, for example the engine's own last words. */
    readonly lastWords: string,
  ) {
    super(`the kernel ${how}`);
  }
}

/** The kernel did not answer in time and was killed. */
export class KernelTimeout extends Error {}

/** A running tslab kernel, spoken to over ZeroMQ on this machine's loopback. */
export class Kernel {
  private readonly session = randomUUID();
  private readonly shell = new Dealer({ linger: 0 });
  private readonly published = new Subscriber({ linger: 0 });
  private readonly waiting = new Set<(message: KernelMessage) => void>();
  private readonly death: Promise<never>;
  private lastWords = "";

  private constructor(
    private readonly process: ChildProcess,
    private readonly key: string,
    private readonly temporary: string,
    private readonly ports: readonly number[],
  ) {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.lastWords = (this.lastWords + text).slice(-8192);
      });
    }
    this.death = new Promise((_, reject) => {
      process.once("error", (error) => reject(error));
      process.once("close", (status, signal) =>
        reject(
          new KernelDied(signal ? `was killed (${signal})` : `ended with status ${status}`, this.lastWords),
        ),
      );
    });
    this.death.catch(() => this.release()); // also the death of a kernel that nobody waits for
  }

  /** @throws KernelDied, KernelTimeout where no kernel comes up, a few times over */
  static async start(options: KernelOptions): Promise<Kernel> {
    for (let attempt = 1; ; attempt++) {
      const kernel = await Kernel.launch(options);
      try {
        await kernel.handshake(options.startTimeout ?? 60_000);
        return kernel;
      } catch (error) {
        await kernel.kill();
        // Another process may take a port between our choice and the kernel's bind: it dies, or nobody answers.
        const again =
          error instanceof KernelTimeout || /EADDRINUSE|Address already in use/i.test(kernel.lastWords);
        if (attempt === 3 || !again) throw error;
      }
    }
  }

  private static async launch({ folder, environment }: KernelOptions): Promise<Kernel> {
    const temporary = temporaryFolder("kernel");
    const connection = join(temporary, "connection.json");
    const key = randomBytes(32).toString("hex");
    const own = await freePorts(5);
    const [shell, iopub, stdin, control, heartbeat] = own;
    const address = { transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256" };
    const ports = { shell_port: shell, iopub_port: iopub, stdin_port: stdin };
    writeFileSync(
      connection,
      JSON.stringify({ ...address, ...ports, control_port: control, hb_port: heartbeat }),
      { mode: 0o600 },
    );
    const { FORCE_COLOR: _, ...inherited } = childEnvironment();
    const child = spawn(
      process.execPath,
      [...nodeOptions, join(__dirname, "kernel-process.js"), connection],
      {
        cwd: folder,
        env: { ...inherited, ...kernelEnvironment, ...environment },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        detached: true, // a process group of its own: Ctrl-C reaches the runner alone, and a kill what cells started
      },
    );
    const kernel = new Kernel(child, key, temporary, own);
    process.once("exit", kernel.killNow);
    kernel.shell.connect(`tcp://127.0.0.1:${shell}`);
    kernel.published.connect(`tcp://127.0.0.1:${iopub}`);
    kernel.published.subscribe();
    kernel.listen(kernel.shell);
    kernel.listen(kernel.published);
    return kernel;
  }

  /** Asks until both channels answer: a subscription takes a while to reach the kernel. */
  private async handshake(timeout: number): Promise<void> {
    const heard = { reply: false, published: false };
    const ready = new Promise<void>((resolve) => {
      const listener = (message: KernelMessage) => {
        if (message.header.msg_type === "kernel_info_reply") heard.reply = true;
        if (message.header.msg_type === "status") heard.published = true;
        if (!heard.reply || !heard.published) return;
        this.waiting.delete(listener);
        resolve();
      };
      this.waiting.add(listener);
    });
    const ask = () => void this.send(request("kernel_info_request", this.session, {})).catch(() => {});
    const asking = setInterval(ask, 250);
    try {
      ask();
      await this.within(ready, timeout, "did not start");
    } finally {
      clearInterval(asking);
    }
  }

  /**
   * Runs code and waits until the kernel has answered and published all of its output.
   * @param onPublished called for each message that the kernel publishes meanwhile, in order
   * @param timeout milliseconds
   * @returns the status of the reply: "ok", "error", or "abort" where an earlier error cancelled it
   * @throws KernelDied, KernelTimeout; the kernel is gone then
   */
  async execute(
    code: string,
    onPublished: (message: KernelMessage) => void,
    timeout = Number.POSITIVE_INFINITY,
  ): Promise<string> {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    const reply = await this.exchange("execute_request", content, onPublished, timeout);
    // A promise that the cell left to reject is reported when the kernel next draws breath: wait for that.
    await this.exchange("kernel_info_request", {}, onPublished, timeout);
    return String(reply.status);
  }

  /** Sends a request, and returns the content of the reply once all that goes with it has been published. */
  private async exchange(
    type: string,
    content: Record<string, unknown>,
    onPublished: (message: KernelMessage) => void,
    timeout: number,
  ): Promise<Record<string, unknown>> {
    const message = request(type, this.session, content);
    let stopListening = () => {};
    const done = new Promise<Record<string, unknown>>((resolve) => {
      let reply: Record<string, unknown> | undefined;
      let idle = false;
      const listener = ({ header, parent, content }: KernelMessage) => {
        const mine = parent.msg_id === message.header.msg_id;
        if (header.msg_type.endsWith("_reply")) reply = mine ? content : reply;
        else if (header.msg_type === "status") idle ||= mine && content.execution_state === "idle";
        else onPublished({ header, parent, content });
        if (reply !== undefined && idle) resolve(reply);
      };
      this.waiting.add(listener);
      stopListening = () => this.waiting.delete(listener);
    });
    try {
      await this.send(message);
      return await this.within(done, timeout, "did not answer");
    } finally {
      stopListening();
    }
  }

  /** Peak resident memory of the kernel in bytes so far; undefined where it no longer answers. */
  async peakMemory(): Promise<number | undefined> {
    if (!this.process.connected) return undefined;
    const answer = new Promise<number>((resolve) => {
      this.process.once("message", (message: { peakMemory: number }) => resolve(message.peakMemory));
    });
    this.process.send("peakMemory", () => {});
    const patience = new Promise<undefined>((resolve) => setTimeout(resolve, 2000, undefined).unref());
    return Promise.race([answer, patience, this.death.catch(() => undefined)]);
  }

  /** Ends the process and waits for its end. */
  async kill(): Promise<void> {
    this.killNow();
    await this.death.catch(() => {});
  }

  private readonly killNow = (): void => {
    const { pid } = this.process;
    if (pid === undefined || this.process.exitCode !== null || this.process.signalCode !== null) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      this.process.kill("SIGKILL");
    }
  };

  private release(): void {
    for (const port of this.ports) taken.delete(port);
    process.removeListener("exit", this.killNow);
    this.shell.close();
    this.published.close();
    rmSync(this.temporary, { recursive: true, force: true });
  }

  private async send(message: KernelMessage): Promise<void> {
    await this.shell.send(toFrames(message, this.key));
  }

  private async listen(socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      const message = fromFrames(frames, this.key);
      for (const listener of [...this.waiting]) listener(message);
    }
  }

  private async within<T>(work: Promise<T>, timeout: number, failing: string): Promise<T> {
    let stop = () => {};
    const expiry = new Promise<never>((_, reject) => {
      const message = `the kernel ${failing} within ${timeout / 1000} s`;
      stop = afterMilliseconds(timeout, () => reject(new KernelTimeout(message)));
    });
    try {
      return await Promise.race([work, expiry, this.death]);
    } catch (error) {
      await this.kill();
      throw error;
    } finally {
      stop();
    }
  }
}

/** Ports of this process's kernels: one that starts has not yet bound its own when the next looks for some. */
const taken = new Set<number>();

/** Ports that nobody listens on, all held at once so that no two are equal. They are ours until they are given back. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  if (ports.some((port) => taken.has(port))) return freePorts(count);
  for (const port of ports) taken.add(port);
  return ports;
}
