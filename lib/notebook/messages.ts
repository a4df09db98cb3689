import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** One message of the Jupyter protocol (jupyter-client's "Messaging in Jupyter", version 5.3). */
export interface KernelMessage {
  header: MessageHeader;
  parent: Partial<MessageHeader>;
  content: Record<string, unknown>;
}

interface MessageHeader {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

const delimiter = "<IDS|MSG>";

export function request(type: string, session: string, content: Record<string, unknown>): KernelMessage {
  const header: MessageHeader = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: "labor-llm",
    date: new Date().toISOString(),
    version: "5.3",
  };
  return { header, parent: {}, content };
}

/** The frames of a message: delimiter, signature, header, parent, metadata, content. */
export function toFrames(message: KernelMessage, key: string): string[] {
  const body = [message.header, message.parent, {}, message.content].map((part) => JSON.stringify(part));
  return [delimiter, sign(body, key), ...body];
}

/** @throws Error where the frames are no message or were signed with another key */
export function fromFrames(frames: Buffer[], key: string): KernelMessage {
  const start = frames.findIndex((frame) => frame.toString("latin1") === delimiter);
  if (start < 0 || frames.length < start + 6) throw new Error("the kernel sent frames that are no message");
  const [signature, ...body] = frames.slice(start + 1);
  const expected = Buffer.from(sign(body, key));
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new Error("a message to the notebook runner was signed with another key");
  }
  const [header, parent, , content] = body.map((frame) => JSON.parse(frame.toString("utf8")));
  return { header, parent, content };
}

function sign(body: (string | Buffer)[], key: string): string {
  const hash = createHmac("sha256", key);
  for (const part of body) hash.update(part);
  return hash.digest("hex");
}
