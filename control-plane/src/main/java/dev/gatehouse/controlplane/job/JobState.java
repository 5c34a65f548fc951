package dev.gatehouse.controlplane.job;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of an open job.
 *
 * @param attempts how often it was tried
 * @param dueAt when it is tried next, or was begun
 * @param lastError what its last attempt failed with
 */
public record JobState(int attempts, Instant dueAt, Optional<String> lastError) {}
