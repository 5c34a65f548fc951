package dev.gatehouse.sample;

import dev.gatehouse.contract.context.SignedContext;
import java.util.List;

/** Where tenants' notes are kept. There is no way to ask for notes without a tenant's request. */
interface NoteStore extends AutoCloseable {
  /**
   * Keeps a note of the request's tenant.
   *
   * @param text 1 to {@value Notes#TEXT_LENGTH} characters
   */
  Notes.Note add(SignedContext request, String text);

  /** The newest notes of the request's tenant, oldest first. */
  List<Notes.Note> of(SignedContext request);

  @Override
  void close();
}
