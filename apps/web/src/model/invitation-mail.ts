/** The address that opens a mail with an invitation in the reader's own mail program. Line feeds become those of mails. */
export function invitationMail({ subject, body }: { readonly subject: string; readonly body: string }): string {
  const encode = (text: string) => encodeURIComponent(text.replace(/\r?\n/g, "\r\n"));
  return `mailto:?subject=${encode(subject)}&body=${encode(body)}`;
}
