/**
 * Who belongs to a tenant and what they may do there: members, the roles that they have, and
 * invitations. All changes lock the tenant first; that a tenant keeps an owner is for the database
 * to decide.
 */
@NullMarked
package dev.gatehouse.controlplane.member;

import org.jspecify.annotations.NullMarked;
