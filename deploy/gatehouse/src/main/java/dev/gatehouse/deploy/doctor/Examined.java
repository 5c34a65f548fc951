package dev.gatehouse.deploy.doctor;

/**
 * A finding and its place.
 *
 * @param group title of the group
 * @param check name of the check
 */
record Examined(String group, String check, Finding finding) {}
