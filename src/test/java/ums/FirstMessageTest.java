package ums;

/** On the PostgreSQL that every test has. */
class FirstMessageTest extends FirstMessageStory {}
