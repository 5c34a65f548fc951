/**
 * A small multi-tenant notebook that lives behind the gateway, and shows what an application must
 * do there: verify the signed context of every request ({@link dev.gatehouse.sample.ContextGate})
 * and touch nothing but that tenant's data ({@link dev.gatehouse.sample.NoteStore}): in memory, or
 * in PostgreSQL, which knows whose they are ({@link dev.gatehouse.sample.DatabaseNotes}).
 */
@NullMarked
package dev.gatehouse.sample;

import org.jspecify.annotations.NullMarked;
