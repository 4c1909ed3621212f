import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanFileName, FILE_PART_BYTES, filePartBytes, filePartCount, MAX_FILE_BYTES } from "./shared-file.ts";

test.each([
  ["plan.pdf", "plan.pdf"],
  ["会议 纪要.docx", "会议 纪要.docx"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Windows\\evil.exe", "evil.exe"],
  ["/", "file"],
  [".bashrc", "bashrc"],
  ["...", "file"],
  ["photo\u202egnp.exe", "photognp.exe"],
  ['a<b>"c"|d?.txt', "abcd.txt"],
  ["a\u0000b\n.txt. ", "ab.txt"],
  [`${"a".repeat(300)}.pdf`, `${"a".repeat(76)}.pdf`],
  ["b".repeat(300), "b".repeat(80)],
])("the file name %j is shown and saved as %j (M9)", (name, clean) => {
  expect(cleanFileName(name)).toBe(clean);
});

test("a clean file name is one visible level, and stays as it is (M9)", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 200 }), (points) => {
      const name = String.fromCodePoint(...points);
      const clean = cleanFileName(name);
      expect(clean).toMatch(/^[^./\\\p{Cc}\p{Cf} ][^/\\\p{Cc}\p{Cf}]*$/u);
      expect(cleanFileName(clean)).toBe(clean);
      expect([...clean].length).toBeLessThanOrEqual(80);
    }),
    { numRuns: 50 },
  );
});

test("the parts of a file make up its size, and there are none beyond (M9)", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_FILE_BYTES }), (sizeBytes) => {
      const count = filePartCount(sizeBytes);
      const parts = Array.from({ length: count }, (_, part) => filePartBytes(sizeBytes, part));
      expect(parts.every((bytes) => bytes > 0 && bytes <= FILE_PART_BYTES)).toBe(true);
      const sum = parts.reduce((a, b) => a + b, 0);
      expect([sum, filePartBytes(sizeBytes, count)]).toEqual([sizeBytes, 0]);
    }),
    { numRuns: 10 },
  );
});
