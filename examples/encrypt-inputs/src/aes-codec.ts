import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Codec, CodecContext } from "millrace";

/** AES-256-GCM. Task, tenant and field are bound as additional data: a value moved to another task cannot be read. */
export function aesCodec(id: string, key: Buffer): Codec {
  return {
    id,
    encode(text, about) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(boundTo(about));
      return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    },
    decode(bytes, about) {
      const all = Buffer.from(bytes);
      const decipher = createDecipheriv("aes-256-gcm", key, all.subarray(0, 12)).setAAD(boundTo(about));
      decipher.setAuthTag(all.subarray(-16));
      return Buffer.concat([decipher.update(all.subarray(12, -16)), decipher.final()]).toString("utf8");
    },
  };
}

function boundTo({ tenantId, taskId, field }: CodecContext): Buffer {
  return Buffer.from(JSON.stringify([tenantId, taskId, field]));
}
