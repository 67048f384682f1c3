"""questions, tickets and what is written on them; an organisation's own topics

Revision: 0013
After: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table('knowledge_editions',
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('stamp', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_knowledge_editions_organisation_id')),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_knowledge_editions'))
    )
    op.create_table('questions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('camp_id', sa.Uuid(), nullable=True),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('about', sa.String(length=8), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('rule_id', sa.String(length=64), nullable=False),
    sa.Column('topic', sa.String(length=40), nullable=True),
    sa.Column('nearest', sa.String(length=40), nullable=True),
    sa.Column('topic_version', sa.Integer(), nullable=True),
    sa.Column('topic_own', sa.Boolean(), nullable=False),
    sa.Column('medical', sa.Boolean(), nullable=True),
    sa.Column('score', sa.Double(), nullable=True),
    sa.Column('answer', sa.LargeBinary(), nullable=False),
    sa.Column('beside', sa.LargeBinary(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('helpful', sa.Boolean(), nullable=True),
    sa.Column('may_use_words', sa.Boolean(), nullable=False),
    sa.Column('not_urgent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_topic_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['camp_id'], ['camps.id'], name=op.f('fk_questions_camp_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_questions_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_questions_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions'))
    )
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index('ix_questions_organisation', ['organisation_id', 'made_topic_at', 'asked_at'], unique=False)
        batch_op.create_index('ix_questions_person', ['person_id', 'asked_at', 'id'], unique=False)

    op.create_table('tickets',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('camp_id', sa.Uuid(), nullable=True),
    sa.Column('need', sa.String(length=8), nullable=False),
    sa.Column('status', sa.String(length=8), nullable=False),
    sa.Column('topic', sa.String(length=40), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('chased_round', sa.Integer(), nullable=False),
    sa.Column('first_reply_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_by', sa.Uuid(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.Uuid(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['camp_id'], ['camps.id'], name=op.f('fk_tickets_camp_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_tickets_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_tickets_person_id')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_tickets_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tickets')),
    sa.UniqueConstraint('question_id', name=op.f('uq_tickets_question_id'))
    )
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.create_index('ix_tickets_camp', ['camp_id', 'status'], unique=False)
        batch_op.create_index('ix_tickets_organisation', ['organisation_id', 'status', 'asked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_tickets_person_id'), ['person_id'], unique=False)

    op.create_table('topic_versions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('medical', sa.Boolean(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=True),
    sa.Column('reviewer', sa.LargeBinary(), nullable=True),
    sa.Column('reviewed_by', sa.Uuid(), nullable=True),
    sa.Column('reviewed_on', sa.Date(), nullable=True),
    sa.Column('review_due_on', sa.Date(), nullable=True),
    sa.Column('from_question_id', sa.Uuid(), nullable=True),
    sa.Column('edited_by', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['from_question_id'], ['questions.id'], name=op.f('fk_topic_versions_from_question_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_topic_versions_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topic_versions')),
    sa.UniqueConstraint('organisation_id', 'slug', 'number', name=op.f('uq_topic_versions_organisation_id_slug_number'))
    )
    with op.batch_alter_table('topic_versions', schema=None) as batch_op:
        batch_op.create_index('uq_topic_versions_in_work', ['organisation_id', 'slug'], unique=True, sqlite_where=sa.text("status IN ('draft', 'reviewed')"), postgresql_where=sa.text("status IN ('draft', 'reviewed')"))
        batch_op.create_index('uq_topic_versions_published', ['organisation_id', 'slug'], unique=True, sqlite_where=sa.text("status = 'published'"), postgresql_where=sa.text("status = 'published'"))

    op.create_table('ticket_messages',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('ticket_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_ticket_messages_author_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_messages_ticket_id')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_ticket_messages')),
    sa.UniqueConstraint('id', name=op.f('uq_ticket_messages_id'))
    )
    with op.batch_alter_table('ticket_messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_messages_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_messages_ticket_id'), ['ticket_id'], unique=False)



def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table('ticket_messages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_messages_ticket_id'))
        batch_op.drop_index(batch_op.f('ix_ticket_messages_author_id'))

    op.drop_table('ticket_messages')
    with op.batch_alter_table('topic_versions', schema=None) as batch_op:
        batch_op.drop_index('uq_topic_versions_published', sqlite_where=sa.text("status = 'published'"), postgresql_where=sa.text("status = 'published'"))
        batch_op.drop_index('uq_topic_versions_in_work', sqlite_where=sa.text("status IN ('draft', 'reviewed')"), postgresql_where=sa.text("status IN ('draft', 'reviewed')"))

    op.drop_table('topic_versions')
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tickets_person_id'))
        batch_op.drop_index('ix_tickets_organisation')
        batch_op.drop_index('ix_tickets_camp')

    op.drop_table('tickets')
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.drop_index('ix_questions_person')
        batch_op.drop_index('ix_questions_organisation')

    op.drop_table('questions')
    op.drop_table('knowledge_editions')
