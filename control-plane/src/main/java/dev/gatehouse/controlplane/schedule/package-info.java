/** What is to become of tenants at a time: suspended, archived, deleted, their trials ended. */
@NullMarked
package dev.gatehouse.controlplane.schedule;

import org.jspecify.annotations.NullMarked;
